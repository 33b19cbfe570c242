#pragma once

#include <array>
#include <jarvis/text/toml_document.hpp>
#include <string>
#include <string_view>

namespace jarvis::text {

/** What OpenJarvis' run time does with one of its agents. An agent that is not listed here reads
 * none of the settings that an edit could change. */
struct OpenJarvisAgent {
  std::string_view name;
  bool takes_tools;
  bool reads_default_prompt;  ///< agent.default_system_prompt
  bool reads_files;           ///< agents/<name>/system_prompt.md and few_shot.json
  /** What it fills into its prompt by Python's str.format; without the first one the model sees no
   * tools. All empty: the prompt is taken literally. */
  std::array<std::string_view, 5> placeholders;

  bool formats_prompt() const { return !placeholders.front().empty(); }
};

/** The agent of that name, under which its files stand ("native_react" for "react", too); nullptr
 * for one that is not known. Lives until the program ends. */
const OpenJarvisAgent* openjarvis_agent(std::string_view name);

/** Whether an agent fills in the placeholder of that name. */
bool is_openjarvis_placeholder(std::string_view name);

/** The smallest limit of tokens that OpenJarvis does not raise: its measure of how hard a question
 * is gives at least as many. */
inline constexpr int kOpenJarvisLeastTokens = 1024;

/** Throws JARVIS_REFUSED unless `agent` is one that answers: by agent.default_agent, or by
 * server.agent. What OpenJarvis keeps once for all agents is changed in the name of such a one
 * only: an edit about another would change what it does not speak of. */
void require_answering_agent(const TomlDocument& config, const std::string& agent);

/** As require_answering_agent; throws JARVIS_REFUSED, too, for an agent that takes no tools. */
void require_tool_agent(const TomlDocument& config, const std::string& agent);

/** Throws JARVIS_REFUSED for the other name of an agent, under which no files of its stand. */
void require_file_name(const std::string& agent);

}  // namespace jarvis::text
