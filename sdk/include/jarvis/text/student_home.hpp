#pragma once

#include <cstdint>
#include <jarvis/text/student_settings.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::text {

/** A worked example: what a user asks, what the agent should say. */
struct Exemplar {
  std::string input;   ///< never empty
  std::string output;  ///< never empty
};

/** The exemplars in the text of a few_shot.json, in order; none in a blank one. `file` stands in
 * messages. Throws JARVIS_INVALID, with the item's number, for text that holds anything else. */
std::vector<Exemplar> read_exemplars(const std::string& text, const std::string& file);

/** A home's TOML files, as they were when they were read. The files of agents are read anew for
 * each query. May be read from many threads at once. */
struct StudentHome {
  std::string directory;      ///< where it was read
  bool has_config = false;    ///< without one, `config` is empty
  TomlDocument config;        ///< config.toml
  TomlDocument descriptions;  ///< tools/descriptions.toml; empty when there is none
};

/** Reads the home at `directory`, an absolute path. Follows links: reading is not editing. Throws
 * JARVIS_INVALID, with file and place, for a file that cannot be read or understood. */
StudentHome read_student_home(const std::string& directory);

/** All that a home says about how one query is answered. */
struct StudentSettings {
  std::string agent;                ///< empty when the name that was asked for is no valid name
  std::string model;                ///< empty when neither the home nor the caller names one
  bool text_protocol = false;       ///< see AgentClass
  std::string agent_class;          ///< AgentClass::name; never empty
  std::string system_prompt;        ///< may be empty
  bool has_prompt_file = false;     ///< the prompt is the agent's own, and may hold placeholders
  std::vector<Exemplar> exemplars;  ///< in the order in which they are to be shown
  std::vector<std::string> tools;   ///< by the home's wish; a runner may not know some
  std::map<std::string, std::string> descriptions;  ///< of tools, where the home has one
};

/** The settings for a query of a class to an agent; an empty `agent` means the default one. Agents
 * without settings of their own, also those whose name is not valid, have what all have.
 * `default_model` is taken where the home names none. Throws JARVIS_INVALID, with file, line and
 * key, for a value that cannot be what it is meant to be. */
StudentSettings student_settings(const StudentHome& home, const std::string& query_class,
                                 const std::string& agent, const std::string& default_model = {});

/** The parameter as the agent and model of `settings` have it: nothing when the home does not set
 * it. `name` must be one of parameters(). Throws JARVIS_INVALID, with line and key, for a value
 * that it does not take. */
std::optional<double> parameter_of(const StudentHome& home, const StudentSettings& settings,
                                   const std::string& name);

/** As parameter_of, for a whole number; `otherwise` when the home does not set it. */
std::int64_t count_of(const StudentHome& home, const StudentSettings& settings,
                      const std::string& name, std::int64_t otherwise);

}  // namespace jarvis::text
