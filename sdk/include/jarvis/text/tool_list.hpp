#pragma once

#include <jarvis/text/student_settings.hpp>
#include <string>
#include <vector>

namespace jarvis::text {

/** The tools that an agent has, and where the configuration says so. OpenJarvis writes tool lists
 * as an array or as one string with commas; both are read. */
struct AgentTools {
  std::vector<std::string> names;  ///< in the order of the configuration
  TomlPath path;                   ///< of the setting that they come from; empty when there is none
  bool as_text = false;            ///< that setting is a comma string
  /** It stands where an edit writes it, and counts: the agent's own list also when it is empty. */
  bool own = false;

  /** Whether `name` is among them. */
  bool has(const std::string& name) const;
};

/** What agent_tools_setting comes to; an empty list that is not the agent's own counts as not set.
 * Throws JARVIS_REFUSED, with the line, when the setting is no list of tool names. */
AgentTools tools_of_agent(const TomlDocument& config, const std::string& agent);

/** As require_changeable_agent; throws JARVIS_REFUSED, too, for an agent of OpenJarvis that takes
 * no tools. */
void require_agent_with_tools(const TomlDocument& config, const std::string& agent);

/** Gives `agent` one more tool, or takes one from it. An agent without tools of its own gets a list
 * of those that it had from elsewhere, in the same form. `tools` is what tools_of_agent says of
 * `config`; the tool must not be among them for add_tool, and must be for remove_tool. `config` is
 * changed, no file is; throws as TomlDocument does, and JARVIS_REFUSED where OpenJarvis would take
 * the tools of another list instead of none. */
void add_tool(TomlDocument& config, const std::string& agent, const AgentTools& tools,
              const std::string& tool);
void remove_tool(TomlDocument& config, const std::string& agent, const AgentTools& tools,
                 const std::string& tool);

}  // namespace jarvis::text
