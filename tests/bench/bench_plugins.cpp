#include <jarvis/sdk/payload/tool.hpp>

#include "core/host/plugin_host.hpp"
#include "tests/bench/table.hpp"

using namespace jarvis;
using jarvis::bench::median_milliseconds;
using jarvis::bench::Table;

namespace {

/** A request with `size` bytes of text in fields of 100. */
json::object request_of(std::size_t size) {
  json::array parts;
  for (std::size_t i = 0; i < size / 100; ++i) parts.emplace_back(std::string(97, 'x'));
  return sdk::to_json(sdk::ToolRequest{"sound_tool", {{"parts", parts}}});
}

void fail(const Error& error) {
  std::fprintf(stderr, "bench_plugins: %s\n", error.message.c_str());
  std::exit(1);
}

const Plugin& echo_in(PluginHost& host) {
  const auto offer = host.find(JARVIS_DIAGNOSTIC_TOOL_1, "sound_tool");
  if (!offer) fail(offer.error());
  const auto plugin = host.load(*offer->plugin);
  if (!plugin) fail(plugin.error());
  return **plugin;
}

}  // namespace

int main() {
  PluginPolicy policy;
  policy.built_in = SOUND_PLUGINS;
  PluginHost host(policy);
  const Plugin& echo = echo_in(host);
  const auto functions = echo.table<jarvis_diagnostic_tool_1>(JARVIS_DIAGNOSTIC_TOOL_1);
  const auto call = [&](const json::object& request) {
    if (const auto answer = echo.call(functions.call, request, {}); !answer) fail(answer.error());
  };
  const json::object request = request_of(10000);
  Table table("One call of a plugin that gives back what it is given");
  table.row("nothing but the JSON of 10 KB: written and read twice",
            median_milliseconds(21, 500, [&] {
              const std::string there = json::serialize(request);
              const json::object read = sdk::parse_object(there, "request");
              const std::string back = json::serialize(read.at("arguments"));
              sdk::parse_object(back, "reply");
            }));
  table.row("a call with 10 KB through the host",
            median_milliseconds(21, 500, [&] { call(request); }));
  const json::object empty = request_of(0);
  table.row("a call with next to nothing", median_milliseconds(21, 500, [&] { call(empty); }));
}
