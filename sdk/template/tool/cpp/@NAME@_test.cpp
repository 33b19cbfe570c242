#include <jarvis/testing/check.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

namespace {

namespace json = boost::json;
using jarvis::testing::Answer;

struct Tool {
  jarvis::testing::LoadedPlugin plugin{PLUGIN_FILE};
  jarvis::testing::FakeHost host;
  json::object asked;

  Tool() {
    host.services["traces"] = [this](const json::object& request) {
      asked = request;
      return json::object{{"traces", json::array{json::object{{"agent", "simple"}},
                                                 json::object{{"agent", "planner"}},
                                                 json::object{{"agent", "simple"}}}}};
    };
  }

  Answer call(const json::object& arguments) {
    const auto& table = plugin.of<jarvis_diagnostic_tool_1>(JARVIS_DIAGNOSTIC_TOOL_1);
    return plugin.call(table.call, {{"tool", "@NAME@"}, {"arguments", arguments}}, host);
  }
};

void refuses_a_limit_that_is_none() {
  Tool tool;
  JARVIS_CHECK(tool.call({{"limit", 0}}).status == JARVIS_INVALID);
  JARVIS_CHECK(tool.call({{"limit", 101}}).status == JARVIS_INVALID);
}

void passes_on_what_the_service_says() {
  Tool tool;
  tool.host.services.clear();
  JARVIS_CHECK(tool.call({}).status == JARVIS_REFUSED);
}

void counts_by_agent() {
  Tool tool;
  const Answer answer = tool.call({{"limit", 50}});
  JARVIS_CHECK(answer.ok());
  JARVIS_CHECK(tool.asked.at("limit") == 50);
  JARVIS_CHECK(json::serialize(answer.result) ==
               R"({"traces":3,"agents":[{"agent":"planner","traces":1},)"
               R"({"agent":"simple","traces":2}]})");
}

}  // namespace

int main() {
  refuses_a_limit_that_is_none();
  passes_on_what_the_service_says();
  counts_by_agent();
  return jarvis::testing::test_result();
}
