#include <doctest/doctest.h>

#include <jarvis/sdk/payload/tool.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

using namespace jarvis;
namespace json = boost::json;
using testing::Answer;

namespace {

struct Bench {
  testing::LoadedPlugin plugin{PLUGIN_DIR "/home-tools.so"};
  testing::FakeHost host;
  json::object request;
  json::object reply;

  Bench() {
    host.services["home"] = [this](const json::object& asked) {
      request = asked;
      return reply;
    };
  }

  Answer call(const char* tool, const json::object& arguments = {}) {
    const auto& table = plugin.of<jarvis_diagnostic_tool_1>(JARVIS_DIAGNOSTIC_TOOL_1);
    return plugin.call(table.call, sdk::to_json(sdk::ToolRequest{tool, arguments}), host);
  }
};

}  // namespace

TEST_CASE("home tools: unknown tools and missing names are invalid") {
  Bench bench;
  CHECK(bench.call("set_config").status == JARVIS_INVALID);
  CHECK(bench.call("get_agent_prompt").message ==
        "argument 'agent_name' of 'get_agent_prompt' is missing");
  CHECK(bench.call("get_tool_description", {{"tool_name", 4}}).status == JARVIS_INVALID);
  CHECK(bench.request.empty());
}

TEST_CASE("home tools: without the service the call is refused") {
  Bench bench;
  bench.host.services.clear();
  CHECK(bench.call("get_current_config").status == JARVIS_REFUSED);
}

TEST_CASE("home tools: each asks the host for its own thing and gives what it says") {
  Bench bench;
  bench.reply = {{"config", {{"agent", {{"max_turns", 4}}}}}};
  CHECK(bench.call("get_current_config").result == bench.reply);
  CHECK(bench.request == json::object{{"action", "config"}});
  bench.reply = {{"agent", "simple"}, {"prompt", "Be brief."}};
  CHECK(bench.call("get_agent_prompt", {{"agent_name", "simple"}}).result == bench.reply);
  CHECK(bench.request == json::object{{"action", "agent_prompt"}, {"agent", "simple"}});
  bench.reply = {{"tool_name", "calculator"}, {"description", "Reckons."}};
  CHECK(bench.call("get_tool_description", {{"tool_name", "calculator"}}).result == bench.reply);
  CHECK(bench.request == json::object{{"action", "tool_description"}, {"tool", "calculator"}});
  bench.reply = {{"tools", json::array{json::object{{"name", "think"}}}}};
  CHECK(bench.call("list_available_tools").result == bench.reply);
  CHECK(bench.request == json::object{{"action", "tools"}});
}

TEST_CASE("home tools: long prompts, configurations and lists are cut, and it says so") {
  Bench bench;
  bench.reply = {{"agent", "simple"}, {"prompt", std::string(30000, 'p')}};
  Answer answer = bench.call("get_agent_prompt", {{"agent_name", "simple"}});
  CHECK(json::serialize(answer.result).size() <= 20000);
  CHECK(answer.result.at("prompt").as_string().size() > 15000);
  CHECK(answer.result.contains("note"));

  json::object config;
  for (int i = 0; i < 3000; ++i) config["key_" + std::to_string(i)] = "\"\\\n";
  bench.reply = {{"config", config}};
  answer = bench.call("get_current_config");
  CHECK(json::serialize(answer.result).size() <= 20000);
  CHECK(answer.result.at("text").as_string().find("key_0") != json::string::npos);

  json::array tools;
  for (int i = 0; i < 500; ++i)
    tools.push_back(json::object{{"name", i}, {"description", std::string(300, 'd')}});
  bench.reply = {{"tools", tools}};
  answer = bench.call("list_available_tools");
  CHECK(json::serialize(answer.result).size() <= 20000);
  CHECK(answer.result.at("note").as_string().find("tools left out") != json::string::npos);
}
