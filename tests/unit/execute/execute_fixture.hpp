#pragma once

#include "core/session/execute/execute.hpp"
#include "tests/support/fakes/benchmark.hpp"
#include "tests/support/fakes/catalogue.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/evaluations.hpp"
#include "tests/support/fakes/home.hpp"
#include "tests/support/fakes/session_parts.hpp"
#include "tests/support/fakes/traces.hpp"

namespace jarvis::testing {

inline Edit edit_of(const std::string& id, const std::string& param, Tier tier = Tier::automatic) {
  Edit edit;
  edit.id = id;
  edit.op = "set_agent_param";
  edit.payload = {{"agent", "simple"}, {"param", param}, {"value", 1}};
  edit.rationale = "because";
  edit.tier = tier;
  return edit;
}

/** Ten held-out tasks, half of which the present student answers right. */
struct Executing {
  MemoryHome live;
  MemoryStager stager;
  MemoryCheckpoint checkpoint{live};
  FakeCatalogue catalogue;
  FakeDiffer differ;
  FakeStudent student;
  FakeJudge judge;
  EvaluationMemory memory;
  SilentProgress progress;
  FixedClock clock;
  std::string session_id = "session-1";
  std::vector<Task> sample = held_out_tasks(10);
  std::function<bool()> cancelled;
  std::vector<Task> held_out;
  std::vector<std::string> known_models;
  Plan plan;
  Execution execution;
  int decided = 0;

  Executing() {
    student.reply = as_configured;
    judge.reply = exact;
  }
  Executing(const Executing&) = delete;
  Executing& operator=(const Executing&) = delete;

  Result<void> run(std::vector<Edit> edits, Autonomy autonomy = Autonomy::tiered) {
    plan.edits = std::move(edits);
    Trial trial({live,
                 stager,
                 checkpoint,
                 catalogue,
                 differ,
                 student,
                 judge,
                 memory,
                 progress,
                 clock,
                 session_id,
                 "personal_v1",
                 sample,
                 {},
                 4,
                 cancelled,
                 held_out,
                 known_models});
    return execute(plan, autonomy, trial, execution, [this](const EditOutcome&) -> Result<void> {
      ++decided;
      return {};
    });
  }
  const EditOutcome& outcome(std::size_t index) const { return execution.outcomes.at(index); }
};

}  // namespace jarvis::testing
