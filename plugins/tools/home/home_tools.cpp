#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/tool_answers.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;
using namespace jarvis::shared;

class HomeTools : public sdk::DiagnosticTool {
 public:
  json::object call(const sdk::ToolRequest& request, const sdk::Host& host) override {
    const Arguments arguments(request.tool, request.arguments);
    if (request.tool == "get_current_config")
      return fit_strings(host.call("home", {{"action", "config"}}));
    if (request.tool == "get_agent_prompt") return agent_prompt(arguments, host);
    if (request.tool == "get_tool_description") return tool_description(arguments, host);
    if (request.tool == "list_available_tools") return available_tools(host);
    throw sdk::invalid("plugin 'home-tools' has no tool '" + request.tool + "'");
  }

 private:
  static json::object agent_prompt(const Arguments& arguments, const sdk::Host& host) {
    const std::string agent = arguments.required_text("agent_name");
    return fit_strings(host.call("home", {{"action", "agent_prompt"}, {"agent", agent}}));
  }

  static json::object tool_description(const Arguments& arguments, const sdk::Host& host) {
    const std::string tool = arguments.required_text("tool_name");
    return fit_strings(host.call("home", {{"action", "tool_description"}, {"tool", tool}}));
  }

  static json::object available_tools(const sdk::Host& host) {
    json::object answer = host.call("home", {{"action", "tools"}});
    cut_at(answer, "tools", kLongestQuery);
    fit_list(answer, answer, "tools");
    return answer;
  }
};

}  // namespace

JARVIS_PLUGIN(HomeTools, "home-tools", "0.1.0")
