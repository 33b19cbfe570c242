#include <jarvis/sdk/plugin.hpp>
#include <map>
#include <string>

namespace {

namespace sdk = jarvis::sdk;
namespace json = boost::json;

/** Called from many threads at once: it keeps no state of its own. */
class TraceCount : public sdk::DiagnosticTool {
 public:
  json::object call(const sdk::ToolRequest& request, const sdk::Host& host) override {
    const std::int64_t limit = sdk::optional_integer(request.arguments, "limit", 100);
    if (limit < 1 || limit > 100)
      throw sdk::invalid("argument 'limit' is not a whole number from 1 to 100");
    const json::object reply = host.call("traces", {{"action", "list"}, {"limit", limit}});
    std::map<std::string, int> by_agent;
    const json::array traces = sdk::optional_array(reply, "traces");
    for (const json::value& trace : traces)
      if (trace.is_object()) ++by_agent[sdk::optional_string(trace.as_object(), "agent")];
    json::array agents;
    for (const auto& [agent, count] : by_agent)
      agents.push_back(json::object{{"agent", agent}, {"traces", count}});
    return {{"traces", traces.size()}, {"agents", std::move(agents)}};
  }
};

}  // namespace

JARVIS_PLUGIN(TraceCount, "@NAME@", "0.1.0")
