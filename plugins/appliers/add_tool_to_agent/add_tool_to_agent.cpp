#include <algorithm>
#include <jarvis/text/agent_tools.hpp>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>

namespace {

namespace json = boost::json;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

/** The agent's first list of its own: the tools that it had from elsewhere and `tool`, in the same
 * form. */
json::value first_own_list(const text::TomlDocument& config, const text::AgentTools& tools,
                           const std::string& tool) {
  if (tools.as_text)
    return json::string(text::with_name(std::string(config.find(tools.path)->as_string()), tool));
  json::array names;
  for (const std::string& name : tools.names) names.emplace_back(name);
  names.emplace_back(tool);
  return names;
}

class AddToolToAgent : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string tool = text::require_name(request.payload, "tool_name");
    text::TomlPath path = text::agent_table(agent);
    path.emplace_back("tools");
    text::TomlDocument config = text::read_staged_config(request.home);
    const text::AgentTools tools = text::tools_of_agent(config, agent);
    if (std::find(tools.names.begin(), tools.names.end(), tool) != tools.names.end())
      throw sdk::refused("no change: agent '" + agent + "' has the tool '" + tool + "' already");
    if (tools.own && !tools.as_text)
      config.append(path, json::string(tool));
    else
      config.set(path, first_own_list(config, tools, tool));
    return {"config.toml", config.text(), "agent '" + agent + "' gets the tool '" + tool + "'"};
  }
};

}  // namespace

JARVIS_PLUGIN(AddToolToAgent, "add-tool-to-agent", "0.1.0")
