#pragma once

#include <jarvis/text/toml_document.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis::text {

/** The map of the student's settings: each is named here once, for those who edit it and for those
 * who run the student, so that what is edited is what is read. */

/** Where a home has its settings, and the descriptions of its tools; relative to the home. */
inline constexpr const char* kConfigFile = "config.toml";
inline constexpr const char* kDescriptionsFile = "tools/descriptions.toml";

/** Whose run time reads the home's settings: the runners of this program, or OpenJarvis', which
 * passes over most of what the others read (see openjarvis.hpp). */
enum class Dialect { jarvis, openjarvis };

/** The dialect that a home names for itself (`learning.distillation.student.dialect`), jarvis where
 * it names none. Throws JARVIS_INVALID, with line and key, for a dialect that there is not. */
Dialect dialect_of(const TomlDocument& config);

/** Files and folders of a home with notes for the student; relative to the home. */
inline constexpr const char* kNotePlaces[] = {"SOUL.md", "MEMORY.md", "USER.md", "personas",
                                              "memory"};

/** "agents/simple/system_prompt.md". `agent` must be a valid name. */
std::string prompt_file(const std::string& agent);

/** "agents/simple/few_shot.json". `agent` must be a valid name. */
std::string exemplars_file(const std::string& agent);

/** Where one setting stands in config.toml. The functions below read nothing: a name that they are
 * given may be anything, as it becomes a key. */
struct Setting {
  /** Where an edit writes it; read before all others. Empty where the dialect has no such setting:
   * then an edit of it must be refused. */
  TomlPath place;
  std::vector<TomlPath> fallbacks;  ///< read in this order where `place` is not set
};

/** The model that answers the queries of a class. */
Setting model_setting(const std::string& query_class, Dialect dialect = Dialect::jarvis);

/** A parameter of a model: what holds for agents that do not set it for themselves. */
Setting model_parameter_setting(const std::string& model, const std::string& parameter,
                                Dialect dialect = Dialect::jarvis);

/** A parameter of an agent that runs `model`. */
Setting agent_parameter_setting(const std::string& agent, const std::string& model,
                                const std::string& parameter, Dialect dialect = Dialect::jarvis);

/** The name of the agent's class; see agent_class_of. */
Setting agent_class_setting(const std::string& agent, Dialect dialect = Dialect::jarvis);

/** The agent's tools, as a list or as one string with commas; see tools_of_agent. */
Setting agent_tools_setting(const std::string& agent, Dialect dialect = Dialect::jarvis);

/** The agent that answers where none is asked for. */
Setting default_agent_setting();

/** The system prompt of agents that have no prompt file. */
Setting default_prompt_setting();

/** Where the system prompt of an agent stands: it is all of `file`, or the text at `key` of
 * config.toml. One of the two is empty. */
struct PromptPlace {
  std::string file;
  TomlPath key;
};

/** Where an edit writes the agent's prompt; nothing where the dialect's run time lets nobody set
 * it. `agent` must be a valid name. */
std::optional<PromptPlace> prompt_place(const std::string& agent, Dialect dialect);

/** "'agents/simple/system_prompt.md'", for messages. */
std::string shown(const PromptPlace& place);

/** Whether the agent sees worked examples at all. */
bool reads_exemplars(const std::string& agent, Dialect dialect);

/** The name of the engine that serves the student's model. */
Setting engine_setting();

/** The URL at which an engine listens. */
Setting engine_host_setting(const std::string& engine);

/** What a tool is for, in tools/descriptions.toml. */
TomlPath tool_description_place(const std::string& tool);

/** Throws JARVIS_REFUSED for a name that [agent] uses for a setting of its own, whose place the
 * table [agent.<agent>] would take. */
void require_own_table(const std::string& agent);

/** Throws JARVIS_REFUSED for an agent whose settings in `config` an edit cannot change: see
 * require_own_table and, in OpenJarvis' dialect, require_answering_agent. */
void require_changeable_agent(const TomlDocument& config, const std::string& agent);

/** "config.toml:2: 'agent.simple.class'", to begin a message about what stands there; without the
 * line where nothing does. */
std::string key_place(const TomlDocument& config, const TomlPath& path);

/** A value of config.toml that holds, and where it stands. */
struct SetValue {
  TomlPath path;
  const json::value* value = nullptr;  ///< lives as long as the document
};

/** The first value that is set among the setting's place and fallbacks, of any type; nothing when
 * none is. The empty string is how OpenJarvis writes "not set"; a table in [agent] belongs to an
 * agent of that name. */
std::optional<SetValue> value_of(const TomlDocument& config, const Setting& setting);

/** As value_of, for text. Empty when nothing is set; JARVIS_INVALID, with line and key, for another
 * type. */
std::string text_of(const TomlDocument& config, const Setting& setting);

/** How the agents of a class speak with their tools. */
struct AgentClass {
  std::string_view name;  ///< as it stands in config.toml
  bool text_protocol;     ///< by Thought, Action and Observation in plain text; else by tool calls
};

/** The classes that student runners know. Lives until the program ends. */
const std::vector<AgentClass>& agent_classes();

/** "simple, orchestrator, native_react". */
std::string agent_class_names();

/** The agent's class: the one that is set, else the one that bears the agent's name, else "simple";
 * in OpenJarvis' dialect, where nothing is set, an agent that takes tools is an "orchestrator".
 * Throws JARVIS_INVALID, with line and key, for a class that no runner knows. */
const AgentClass& agent_class_of(const TomlDocument& config, const std::string& agent);

}  // namespace jarvis::text
