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
  PluginHost here(policy);
  policy.isolation["*"] = Isolation::process;
  PluginHost apart(policy);
  const Plugin& echo = echo_in(here);
  const Plugin& echo_apart = echo_in(apart);
  const auto call = [&](const Plugin& plugin, const json::object& request) {
    if (const auto answer = plugin.call(PluginFunction::tool_call, request, {}); !answer)
      fail(answer.error());
  };
  const json::object request = request_of(10000);
  const json::object empty = request_of(0);
  Table table("One call of a plugin that gives back what it is given");
  table.row("nothing but the JSON of 10 KB: written and read twice",
            median_milliseconds(21, 500, [&] {
              const std::string there = json::serialize(request);
              const json::object read = sdk::parse_object(there, "request");
              const std::string back = json::serialize(read.at("arguments"));
              sdk::parse_object(back, "reply");
            }));
  table.row("10 KB, in this process", median_milliseconds(21, 500, [&] { call(echo, request); }));
  table.row("next to nothing, in this process",
            median_milliseconds(21, 500, [&] { call(echo, empty); }));
  table.row("10 KB, in a process of its own",
            median_milliseconds(21, 100, [&] { call(echo_apart, request); }));
  table.row("next to nothing, in a process of its own",
            median_milliseconds(21, 100, [&] { call(echo_apart, empty); }));
  table.row("loading it into a process of its own, and ending that",
            median_milliseconds(11, 1, [&] {
              PluginHost another(policy);
              echo_in(another);
            }));
}
