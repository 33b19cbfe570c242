#include <doctest/doctest.h>

#include <jarvis/sdk/payload/tool.hpp>
#include <jarvis/testing/loaded_plugin.hpp>

using namespace jarvis;
namespace json = boost::json;
using testing::Answer;

namespace {

struct Bench {
  testing::LoadedPlugin plugin{PLUGIN_DIR "/benchmark-tools.so"};
  testing::FakeHost host;
  std::string service;  // which one the tool asked last, and what
  json::object request;
  json::object reply;

  Bench() {
    for (const char* name : {"benchmark", "student", "teacher", "judge"})
      host.services[name] = [this, name](const json::object& asked) {
        service = name;
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

TEST_CASE("benchmark tools: wrong arguments are invalid and never reach the host") {
  const std::vector<std::pair<const char*, json::object>> cases{
      {"run_student", {}},
      {"list_personal_benchmark", {{"limit", -1}}},
      {"run_student_on_task", {}},
      {"run_self_on_task", {{"task_id", "t"}, {"max_tokens", 0}}},
      {"run_self_on_task", {{"max_tokens", 100}}},
      {"compare_outputs", {{"student_output", "a"}, {"teacher_output", "b"}}},
      {"compare_outputs", {{"task_id", 5}}},
  };
  for (const auto& [tool, arguments] : cases) {
    Bench bench;
    CAPTURE(json::serialize(arguments));
    CHECK(bench.call(tool, arguments).status == JARVIS_INVALID);
    CHECK(bench.service.empty());
  }
}

TEST_CASE("benchmark tools: a student that cannot be reached is handed on as such") {
  Bench bench;
  bench.host.services["student"] = [](const json::object&) -> json::object {
    throw sdk::unavailable("connection refused");
  };
  const Answer answer = bench.call("run_student_on_task", {{"task_id", "t"}});
  CHECK(answer.status == JARVIS_UNAVAILABLE);
  CHECK(answer.message == "connection refused");
}

TEST_CASE("benchmark tools: the list has at most fifty tasks and fits into its limit") {
  Bench bench;
  json::array tasks;
  for (int i = 0; i < 50; ++i)
    tasks.push_back(
        json::object{{"task_id", "task-" + std::to_string(i)}, {"query", std::string(5000, 'q')}});
  bench.reply = {{"tasks", tasks}};
  const Answer answer = bench.call("list_personal_benchmark", {{"limit", 400}});
  REQUIRE(answer.ok());
  CHECK(bench.service == "benchmark");
  CHECK(bench.request == json::object{{"action", "list"}, {"limit", 50}});
  CHECK(json::serialize(answer.result).size() <= 20000);
  CHECK(answer.result.at("tasks").as_array()[0].at("task_id") == "task-0");
  CHECK(answer.result.contains("note"));
}

TEST_CASE("benchmark tools: runs name the task, and long outputs are cut") {
  Bench bench;
  bench.reply = {{"task_id", "t"}, {"output", std::string(9000, 'o')}, {"tokens_used", 7}};
  Answer answer = bench.call("run_student_on_task", {{"task_id", "t"}});
  CHECK(bench.service == "student");
  CHECK(bench.request == json::object{{"action", "run"}, {"task_id", "t"}});
  CHECK(answer.result.at("output").as_string().size() < 6100);
  CHECK(answer.result.at("tokens_used") == 7);

  answer = bench.call("run_self_on_task", {{"task_id", "t"}});
  CHECK(bench.service == "teacher");
  CHECK(bench.request == json::object{{"action", "run"}, {"task_id", "t"}, {"max_tokens", 2048}});
  bench.call("run_self_on_task", {{"task_id", "t"}, {"max_tokens", 100}});
  CHECK(bench.request.at("max_tokens") == 100);
}

TEST_CASE("benchmark tools: a comparison hands on the task alone, never the teacher's copies") {
  Bench bench;
  bench.reply = {{"task_id", "t"}, {"student_score", 0.0}, {"teacher_score", 1.0}};
  const Answer answer = bench.call(
      "compare_outputs", {{"task_id", "t"}, {"student_output", "x"}, {"teacher_output", "y"}});
  CHECK(bench.service == "judge");
  CHECK(bench.request == json::object{{"action", "compare"}, {"task_id", "t"}});
  CHECK(answer.result == bench.reply);
  bench.call("compare_outputs", {{"task", "u"}});
  CHECK(bench.request.at("task_id") == "u");
}
