#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/session/diagnose/diagnose.hpp"
#include "core/session/diagnose/services.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/evaluations.hpp"
#include "tests/support/fakes/home.hpp"
#include "tests/support/fakes/session_parts.hpp"
#include "tests/support/fakes/traces.hpp"

namespace jarvis::testing {

inline Task task_of(const std::string& id, Part part, const std::string& query,
                    const std::string& gold) {
  Task task;
  task.id = id;
  task.query = query;
  task.query_class = "math";
  task.gold = gold;
  task.trace_id = "source-of-" + id;
  task.part = part;
  return task;
}

inline sdk::ToolCall tool(const std::string& name, json::object arguments) {
  return {"call", name, std::move(arguments)};
}
inline sdk::ToolCall run_student(const std::string& task) {
  return tool("run_student_on_task", {{"task_id", task}});
}
inline sdk::ToolCall run_self(const std::string& task) {
  return tool("run_self_on_task", {{"task_id", task}});
}
inline sdk::ToolCall compare(const std::string& task) {
  return tool("compare_outputs",
              {{"task_id", task}, {"student_output", "42"}, {"teacher_output", "0"}});
}

inline std::string clusters_text(const std::string& array) {
  return "# What fails\nArithmetic.\n\n```json\n" + array + "\n```\n";
}

/** All that a diagnosis needs. The benchmark has two practice tasks, p1 and p2 (gold "42"), and one
 * held-out task, h1; the student says "wrong", the teacher "42"; the judge scores 1 for what equals
 * gold. */
struct DiagnoseFixture {
  MemoryHome home;
  FakeTraces traces;
  std::optional<Benchmark> benchmark;
  FakeTeacher teacher;
  FakeStudent student;
  FakeJudge judge;
  EvaluationMemory ledger;
  Turns one_at_a_time;
  RecordedCalls calls{{student, judge, ledger}, one_at_a_time};
  FakeToolbox toolbox;
  MemoryFiles files;
  SilentProgress progress;
  FixedClock clock;
  DiagnosePrompts prompts{"system", "conclude now", "clusters again", "answer it"};
  json::object config{{"agent", "simple"}};
  Trigger trigger;
  int max_tool_calls = 30;
  std::function<bool()> cancelled;
  std::vector<Cluster> dropped;

  /** The teacher's turns; the last one is repeated. Every diagnosis request is kept. */
  std::vector<Result<sdk::GenerateResult>> turns;
  std::vector<sdk::GenerateRequest> requests;
  std::string teacher_answer = "42";

  DiagnoseFixture() {
    benchmark.emplace();
    benchmark->version = "personal_v1";
    benchmark->tasks = {task_of("p1", Part::practice, "What is 6 * 7?", "42"),
                        task_of("p2", Part::practice, "What is 21 * 2?", "42"),
                        task_of("h1", Part::held_out, "What is 40 + 2?", "42")};
    student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
      return std::string("wrong");
    };
    judge.reply = exact;
    teacher.script = [this](Purpose purpose,
                            const sdk::GenerateRequest& request) -> Result<sdk::GenerateResult> {
      if (purpose == Purpose::run_self) return says(teacher_answer);
      requests.push_back(request);
      return turns.at(std::min(requests.size(), turns.size()) - 1);
    };
  }
  DiagnoseFixture(const DiagnoseFixture&) = delete;
  DiagnoseFixture& operator=(const DiagnoseFixture&) = delete;

  DiagnoseInputs inputs() { return inputs_of(home); }
  DiagnoseInputs inputs_of(const HomeView& examined) {
    return {examined,
            traces,
            benchmark ? &*benchmark : nullptr,
            teacher,
            calls,
            toolbox,
            teacher,
            files,
            progress,
            clock,
            prompts,
            config,
            {{"calculator", "adds", {}}},
            trigger,
            max_tool_calls,
            4,
            0.7,
            cancelled};
  }

  Result<Diagnosis> run() {
    const DiagnoseInputs all = inputs();
    return diagnose(all, dropped);
  }

  const std::vector<json::object>& log() { return files.lines["teacher_traces/diagnose.jsonl"]; }
};

/** Asks the services directly, as a tool does. */
struct Asked {
  explicit Asked(DiagnoseFixture& fixture) : inputs(fixture.inputs()), services(inputs, evidence) {}

  Result<json::object> operator()(const std::string& service, const json::object& request) const {
    return services.serve(service, request);
  }

  DiagnoseInputs inputs;
  Evidence evidence;
  DiagnosisServices services;
};

}  // namespace jarvis::testing
