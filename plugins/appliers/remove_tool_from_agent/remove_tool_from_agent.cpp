#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/tool_list.hpp>

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

class RemoveToolFromAgent : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string tool = text::require_name(request.payload, "tool_name");
    text::TomlDocument config = text::read_staged_config(request.home);
    text::require_agent_with_tools(config, agent);
    const text::AgentTools tools = text::tools_of_agent(config, agent);
    if (!tools.has(tool))
      throw sdk::refused("no change: agent '" + agent + "' has no tool '" + tool + "'");
    text::remove_tool(config, agent, tools, tool);
    return {text::kConfigFile, config.text(),
            "agent '" + agent + "' loses the tool '" + tool + "'"};
  }
};

}  // namespace

JARVIS_PLUGIN(RemoveToolFromAgent, "remove-tool-from-agent", "0.1.0")
