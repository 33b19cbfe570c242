#pragma once

#include <jarvis/text/toml_document.hpp>
#include <string>
#include <vector>

namespace jarvis::text {

/** The tools that an agent has, and where the configuration says so. OpenJarvis writes tool lists
 * as an array or as one string with commas; both are read. */
struct AgentTools {
  std::vector<std::string> names;
  TomlPath path;         ///< of the setting that they come from; empty when there is none
  bool as_text = false;  ///< that setting is a comma string
  bool own = false;      ///< it is the agent's own, [agent.<agent>].tools
};

/** [agent.<agent>].tools where there is one, else [tools].enabled unless that is empty, else
 * [agent].tools: the order in which OpenJarvis reads them. Throws JARVIS_REFUSED, with the line,
 * when the setting is no list of tool names. */
AgentTools tools_of_agent(const TomlDocument& config, const std::string& agent);

/** The comma string `text` with one more name, its style of commas kept. */
std::string with_name(const std::string& text, const std::string& name);

}  // namespace jarvis::text
