#include <doctest/doctest.h>

#include <map>

#include "plugins/rehearsal/test_home.hpp"

using namespace jarvis;
using rehearsal::testing::Bench;
namespace json = boost::json;

namespace {

constexpr const char* kTools[] = {
    "list_traces",         "get_current_config", "list_personal_benchmark",
    "run_student_on_task", "run_self_on_task",   "compare_outputs"};

/** Plays the host's part of a diagnosis: the student fails every task of class math. */
struct Diagnosis {
  Bench bench;
  sdk::GenerateRequest request;
  std::map<std::string, int> calls;
  bool has_benchmark = true;
  bool all_right = false;

  Diagnosis() {
    request.model = "rehearsal-teacher";
    request.system = "You diagnose. Your last message ends with a fence of clusters.";
    request.messages.push_back({"user", "Begin.", {}, {}, {}});
    for (const char* tool : kTools) request.tools.push_back({tool, "", {}});
  }

  sdk::GenerateResult turn() {
    const auto answer = bench.generate(request);
    REQUIRE(answer.ok());
    return sdk::generate_result(answer.result);
  }

  json::object serve(const sdk::ToolCall& call) {
    if (call.name == "list_traces")
      return {{"traces", json::array{json::object{{"trace_id", "trace-1"},
                                                  {"query", rehearsal::question_text(0)},
                                                  {"agent", "clerk"},
                                                  {"feedback", 0.0}}}}};
    if (call.name == "list_personal_benchmark") {
      json::array tasks;
      for (int i = 0; has_benchmark && i < 9; ++i)
        tasks.push_back(json::object{{"task_id", "task-" + std::to_string(i)},
                                     {"query_class", i % 2 == 0 ? "math" : "short"},
                                     {"stratum", i < 4 ? "repair" : "retain"}});
      return {{"tasks", tasks}};
    }
    const std::string task = sdk::optional_string(call.arguments, "task_id");
    const bool fails = !all_right && (task == "trace-1" || (task.back() - '0') % 2 == 0);
    if (call.name == "compare_outputs")
      return {{"task_id", task}, {"student_score", fails ? 0.0 : 1.0}, {"teacher_score", 1.0}};
    return {{"task_id", task}, {"output", "A: 1"}};
  }

  /** Serves calls until the teacher concludes. */
  std::string conclude() {
    for (int turns = 0; turns < 10; ++turns) {
      const sdk::GenerateResult result = turn();
      CHECK(result.usage.input_tokens > 0);
      CHECK(result.usage.output_tokens > 0);
      if (result.message.tool_calls.empty()) {
        CHECK(result.stop_reason == "end");
        return result.message.text;
      }
      CHECK(result.stop_reason == "tool_calls");
      sdk::Message results{"tool", {}, {}, {}, {}};
      for (const sdk::ToolCall& call : result.message.tool_calls) {
        ++calls[call.name];
        results.tool_results.push_back({call.id, json::serialize(serve(call)), false});
      }
      request.messages.push_back(result.message);
      request.messages.push_back(results);
    }
    FAIL("the teacher does not conclude");
    return {};
  }
};

json::array clusters_in(const std::string& text) {
  const std::string fence = "```json\n";
  const std::size_t start = text.find(fence);
  REQUIRE(start != std::string::npos);
  const std::size_t end = text.find("\n```", start + fence.size());
  REQUIRE(end != std::string::npos);
  return json::parse(text.substr(start + fence.size(), end - start - fence.size())).as_array();
}

json::array edits_of(const std::string& system, const std::string& user) {
  Bench bench;
  sdk::GenerateRequest request;
  request.model = "rehearsal-teacher";
  request.system = system;
  request.messages.push_back({"user", user, {}, {}, {}});
  const auto answer = bench.generate(request);
  REQUIRE(answer.ok());
  const std::string text(answer.result.at("message").at("text").as_string());
  return json::parse(text).at("edits").as_array();
}

constexpr const char* kCatalogue =
    "Propose edits for the clusters. Ops: set_model_for_query_class {\"query_class\":\"code\"}, "
    "set_agent_param, replace_system_prompt, lora_finetune.";

}  // namespace

TEST_CASE(
    "rehearsal teacher: tools that fail, or answer with nonsense, do not keep it from concluding") {
  Diagnosis diagnosis;
  for (int turns = 0; turns < 10; ++turns) {
    const sdk::GenerateResult result = diagnosis.turn();
    if (result.message.tool_calls.empty()) {
      CHECK(clusters_in(result.message.text).empty());
      return;
    }
    sdk::Message results{"tool", {}, {}, {}, {}};
    for (const sdk::ToolCall& call : result.message.tool_calls)
      results.tool_results.push_back({call.id,
                                      call.name == "list_traces" ? "{\"traces\":[7,{}]}" : "oops",
                                      call.name != "list_traces"});
    diagnosis.request.messages.push_back(result.message);
    diagnosis.request.messages.push_back(results);
  }
  FAIL("the teacher does not conclude");
}

TEST_CASE("rehearsal teacher: concludes at once when it may not call tools") {
  Diagnosis diagnosis;
  diagnosis.request.may_call_tools = false;
  const sdk::GenerateResult result = diagnosis.turn();
  CHECK(result.message.tool_calls.empty());
  CHECK(clusters_in(result.message.text).empty());
}

TEST_CASE("rehearsal teacher: calls only tools that are declared") {
  Diagnosis diagnosis;
  diagnosis.request.tools.resize(1);
  CHECK(clusters_in(diagnosis.conclude()).empty());
  CHECK(diagnosis.calls == std::map<std::string, int>{{"list_traces", 1}});
}

TEST_CASE("rehearsal teacher: tries six tasks, failed ones first, and reports what it measured") {
  Diagnosis diagnosis;
  const json::array clusters = clusters_in(diagnosis.conclude());
  CHECK(diagnosis.calls == std::map<std::string, int>{{"list_traces", 1},
                                                      {"get_current_config", 1},
                                                      {"list_personal_benchmark", 1},
                                                      {"run_student_on_task", 6},
                                                      {"run_self_on_task", 6},
                                                      {"compare_outputs", 6}});
  REQUIRE(clusters.size() == 1);
  const json::object& cluster = clusters[0].as_object();
  CHECK(cluster.at("id") == "wrong-answers-math");
  CHECK(cluster.at("task_ids") == json::value({"task-0", "task-2", "task-4"}));
  CHECK(cluster.at("student_failure_rate") == 1.0);
  CHECK(cluster.at("teacher_success_rate") == 1.0);
  CHECK(cluster.at("sample_trace_ids") == json::value(json::array{"trace-1"}));
}

TEST_CASE("rehearsal teacher: without a benchmark it tries traces") {
  Diagnosis diagnosis;
  diagnosis.has_benchmark = false;
  const json::array clusters = clusters_in(diagnosis.conclude());
  REQUIRE(clusters.size() == 1);
  CHECK(clusters[0].at("task_ids") == json::value(json::array{"trace-1"}));
}

TEST_CASE("rehearsal teacher: finds no cluster where the student is right") {
  Diagnosis diagnosis;
  diagnosis.all_right = true;
  CHECK(clusters_in(diagnosis.conclude()).empty());
}

TEST_CASE("rehearsal teacher: plans nothing for clusters that are not its own") {
  CHECK(edits_of(kCatalogue, "cluster c1: the student is rude").empty());
}

TEST_CASE("rehearsal teacher: plans from what it concluded, in its order") {
  Diagnosis diagnosis;
  const json::array edits = edits_of(kCatalogue, diagnosis.conclude());
  REQUIRE(edits.size() == 4);
  const char* ops[] = {"set_model_for_query_class", "set_agent_param", "replace_system_prompt",
                       "lora_finetune"};
  for (std::size_t i = 0; i < 4; ++i) {
    const json::object& edit = edits[i].as_object();
    CHECK(edit.at("op") == ops[i]);
    CHECK(edit.at("expected_improvement") == "wrong-answers-math");
    for (const char* key :
         {"id", "pillar", "target", "payload", "rationale", "risk_tier", "references"})
      CHECK(edit.contains(key));
  }
  CHECK(edits[0].at("payload") ==
        json::value({{"query_class", "math"}, {"model", "rehearsal-large"}}));
  CHECK(edits[1].at("payload").at("agent") == "clerk");
  CHECK(edits[2].at("payload").at("new_content").as_string().find("step by step") !=
        json::string::npos);
}

TEST_CASE("rehearsal teacher: offers no op that the catalogue lacks") {
  const json::array edits =
      edits_of("Propose edits. Ops: set_agent_param", "cluster wrong-answers-math");
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].at("op") == "set_agent_param");
  CHECK(edits[0].at("id") == "edit-1");
}

TEST_CASE("rehearsal teacher: answers every question of the family rightly") {
  Bench bench;
  for (std::size_t i = 0; i < 60; ++i) {
    sdk::GenerateRequest request;
    request.model = "rehearsal-teacher";
    request.system = "Answer the question of the user.";
    request.messages.push_back({"user", rehearsal::question_text(i), {}, {}, {}});
    const auto answer = bench.generate(request);
    REQUIRE(answer.ok());
    const std::string text(answer.result.at("message").at("text").as_string());
    const auto truth = rehearsal::work_out(*rehearsal::parse_question(rehearsal::question_text(i)));
    CHECK(bench.judge("q", "A: " + truth.answer, text) == 1.0);
    CHECK(answer.result.at("stop_reason") == "end");
  }
}

TEST_CASE("rehearsal teacher: admits what it does not know") {
  Bench bench;
  sdk::GenerateRequest request;
  request.model = "rehearsal-teacher";
  request.messages.push_back({"user", "Who wrote Hamlet?", {}, {}, {}});
  const auto answer = bench.generate(request);
  REQUIRE(answer.ok());
  CHECK(answer.result.at("message").at("text").as_string().find("A: unknown") !=
        json::string::npos);
}
