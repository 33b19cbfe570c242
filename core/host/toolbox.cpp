#include "core/host/toolbox.hpp"

#include <algorithm>
#include <array>
#include <jarvis/sdk/payload/tool.hpp>

#include "core/host/payload_schema.hpp"

namespace jarvis {

namespace {

constexpr std::array<std::string_view, 6> kServices{"traces",  "benchmark", "student",
                                                    "teacher", "judge",     "home"};

}  // namespace

std::vector<sdk::ToolDefinition> PluginToolbox::tools() const {
  std::vector<sdk::ToolDefinition> tools;
  for (const Offer& offer : plugins_.offers(JARVIS_DIAGNOSTIC_TOOL_1))
    tools.push_back({offer.provided->id, offer.provided->summary, offer.provided->parameters});
  return tools;
}

Result<sdk::json::object> PluginToolbox::call(const sdk::ToolCall& call,
                                              const ServiceTable& services) {
  const auto offer = plugins_.find(JARVIS_DIAGNOSTIC_TOOL_1, call.name);
  if (!offer) return offer.error();
  if (auto checked = check_against_schema(call.arguments, offer->provided->parameters, "arguments");
      !checked)
    return checked.error();
  const auto plugin = plugins_.load(*offer->plugin);
  if (!plugin) return plugin.error();
  CallContext context;
  context.services = [&](const std::string& service,
                         const json::object& request) -> Result<json::object> {
    if (std::find(kServices.begin(), kServices.end(), service) == kServices.end())
      return Error{ErrorKind::refused, "service '" + service + "' is not offered to tools", ""};
    return services(service, request);
  };
  return (*plugin)->call(PluginFunction::tool_call,
                         sdk::to_json(sdk::ToolRequest{call.name, call.arguments}), context);
}

}  // namespace jarvis
