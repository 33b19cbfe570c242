#include <doctest/doctest.h>

#include <jarvis/sdk/payload/tool.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

using namespace jarvis;
namespace json = boost::json;
using testing::Answer;

namespace {

struct Bench {
  testing::LoadedPlugin plugin{PLUGIN_DIR "/trace-tools.so"};
  testing::FakeHost host;
  json::object request;  // what the tool asked the host last
  json::object reply;

  Bench() {
    host.services["traces"] = [this](const json::object& asked) {
      request = asked;
      return reply;
    };
  }

  Answer call(const char* tool, const json::object& arguments = {}) {
    const auto& table = plugin.of<jarvis_diagnostic_tool_1>(JARVIS_DIAGNOSTIC_TOOL_1);
    return plugin.call(table.call, sdk::to_json(sdk::ToolRequest{tool, arguments}), host);
  }
};

json::object trace_of(int number, const std::string& text) {
  return {{"trace_id", "trace-" + std::to_string(number)},
          {"query", text},
          {"result", text},
          {"steps", json::array{json::object{{"output", text}}}}};
}

std::size_t characters(const json::object& object) {
  std::size_t count = 0;
  for (const char c : json::serialize(object))
    count += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("trace tools: an unknown tool and broken requests are invalid") {
  Bench bench;
  CHECK(bench.call("drop_traces").status == JARVIS_INVALID);
  const auto& table = bench.plugin.of<jarvis_diagnostic_tool_1>(JARVIS_DIAGNOSTIC_TOOL_1);
  for (const char* text : {"", "[]", "{}", "{\"tool\":7}"})
    CHECK(bench.plugin.call_text(table.call, text, bench.host).status == JARVIS_INVALID);
}

TEST_CASE("trace tools: wrong arguments are invalid, named, and never reach the host") {
  const std::vector<std::pair<const char*, json::object>> cases{
      {"list_traces", {{"limit", "many"}}},
      {"list_traces", {{"limit", 0}}},
      {"list_traces", {{"limit", 2.5}}},
      {"list_traces", {{"limit", 1e300}}},
      {"list_traces", {{"agent", 5}}},
      {"list_traces", {{"min_feedback", "0.5"}}},
      {"list_traces", {{"max_feedback", 1.5}}},
      {"list_traces", {{"min_feedback", -0.1}}},
      {"get_trace", {}},
      {"get_trace", {{"trace_id", ""}}},
      {"get_trace", {{"trace_id", 3}}},
      {"search_traces", {}},
      {"search_traces", {{"query", nullptr}}},
  };
  for (const auto& [tool, arguments] : cases) {
    Bench bench;
    CAPTURE(json::serialize(arguments));
    const Answer answer = bench.call(tool, arguments);
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(answer.message.find(tool) != std::string::npos);
    CHECK(bench.request.empty());
  }
}

TEST_CASE("trace tools: what the host refuses is handed on") {
  Bench bench;
  bench.host.services["traces"] = [](const json::object&) -> json::object {
    throw sdk::refused("no trace 'x'", "list_traces shows the ids");
  };
  const Answer answer = bench.call("get_trace", {{"trace_id", "x"}});
  CHECK(answer.status == JARVIS_REFUSED);
  CHECK(answer.message == "no trace 'x'");
  CHECK(answer.hint == "list_traces shows the ids");
}

TEST_CASE("trace tools: list_traces hands its filters on, with twenty as the usual limit") {
  Bench bench;
  REQUIRE(bench.call("list_traces", {{"agent", nullptr}}).ok());
  CHECK(bench.request == json::object{{"action", "list"}, {"limit", 20}});
  REQUIRE(bench
              .call("list_traces", {{"limit", 1000},
                                    {"agent", "simple"},
                                    {"outcome", "error"},
                                    {"min_feedback", 0},
                                    {"max_feedback", 0.3}})
              .ok());
  CHECK(bench.request == json::object{{"action", "list"},
                                      {"limit", 100},
                                      {"agent", "simple"},
                                      {"outcome", "error"},
                                      {"min_feedback", 0.0},
                                      {"max_feedback", 0.3}});
}

TEST_CASE("trace tools: search_traces gives at most twenty") {
  Bench bench;
  REQUIRE(bench.call("search_traces", {{"query", "it's a C++ test"}, {"limit", 50}}).ok());
  CHECK(bench.request ==
        json::object{{"action", "search"}, {"query", "it's a C++ test"}, {"limit", 20}});
}

TEST_CASE("trace tools: a list has short texts, no steps, and fits into its limit") {
  Bench bench;
  json::array traces;
  for (int i = 0; i < 100; ++i) traces.push_back(trace_of(i, std::string(3000, 'x')));
  bench.reply = {{"traces", traces}};
  const Answer answer = bench.call("list_traces", {{"limit", 100}});
  REQUIRE(answer.ok());
  CHECK(characters(answer.result) <= 20000);
  const json::array& shown = answer.result.at("traces").as_array();
  CHECK(shown.size() > 10);
  CHECK(shown[0].at("trace_id") == "trace-0");
  CHECK(!shown[0].as_object().contains("steps"));
  CHECK(answer.result.at("note").as_string().find("of 100 traces left out") != json::string::npos);
}

TEST_CASE("trace tools: get_trace cuts query and result between characters") {
  Bench bench;
  std::string text;
  for (int i = 0; i < 7000; ++i) text += "\u00e4";
  bench.reply = {{"trace", json::object{{"trace_id", "t"}, {"query", text}, {"result", text}}}};
  const Answer answer = bench.call("get_trace", {{"trace_id", "t"}});
  REQUIRE(answer.ok());
  CHECK(bench.request == json::object{{"action", "get"}, {"trace_id", "t"}});
  const json::object& trace = answer.result.at("trace").as_object();
  CHECK(trace.at("query").as_string() == text.substr(0, 4000) + " [cut: 10000 more bytes]");
  CHECK(trace.at("result").as_string() == text.substr(0, 12000) + " [cut: 2000 more bytes]");
}

TEST_CASE("trace tools: a trace with endless steps still fits, its result is kept") {
  Bench bench;
  json::object trace = trace_of(1, std::string(5000, 'y'));
  for (int i = 0; i < 500; ++i)
    trace["steps"].as_array().push_back(json::object{{"output", std::string(4000, 'z')}});
  trace["messages"] = json::array{std::string(50000, 'm')};
  bench.reply = {{"trace", trace}};
  const Answer answer = bench.call("get_trace", {{"trace_id", "trace-1"}});
  REQUIRE(answer.ok());
  CHECK(characters(answer.result) <= 20000);
  CHECK(answer.result.at("trace").at("result").as_string().size() == 5000);
  CHECK(answer.result.contains("note"));
  CHECK(!answer.result.at("trace").at("steps").as_array().empty());
}
