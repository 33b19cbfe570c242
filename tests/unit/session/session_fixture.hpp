#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/session/rollback.hpp"
#include "core/session/session.hpp"
#include "tests/support/fakes/benchmark.hpp"
#include "tests/support/fakes/catalogue.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/evaluations.hpp"
#include "tests/support/fakes/home.hpp"
#include "tests/support/fakes/session_parts.hpp"
#include "tests/support/fakes/traces.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

inline const std::string kSessionId = "session-20260601T030000_0a1b2c3d";
/** What the edits of a plan in kSessionId are called. */
inline std::string edit_id(int number) {
  return "edit-0a1b2c3d-" + std::to_string(number);
}

/** A proposal that appends "<param> = 1" to config.toml. */
inline json::object param_edit(const std::string& param) {
  return {{"op", "set_agent_param"},
          {"payload", {{"agent", "simple"}, {"param", param}, {"value", 1}}},
          {"rationale", "because"}};
}
inline json::object prompt_edit(const std::string& text) {
  return {{"op", "replace_system_prompt"},
          {"payload", {{"agent", "simple"}, {"new_content", text}}}};
}

/** A home on the disk for what is recorded, with tracked files, engines and git in memory. The
 * teacher runs and compares practice task "practice-9", which the student fails, then proposes
 * `edits`. */
struct SessionFixture {
  TemporaryDirectory directory;
  MemoryHome live{directory.path()};
  FakeTraces traces;
  std::optional<Benchmark> benchmark;
  FakeTeacher teacher;
  FakeStudent student;
  FakeJudge judge;
  FakeToolbox toolbox;
  MemoryStager stager;
  MemoryCheckpoint checkpoint{live};
  FakeCatalogue catalogue;
  FakeDiffer differ;
  Recorder recorder{directory.path()};
  SilentProgress progress;
  FixedClock clock;
  Trigger trigger;
  json::array edits;
  std::function<bool()> cancelled;
  int diagnosis_turns = 0;

  SessionFixture() {
    benchmark.emplace();
    benchmark->version = "personal_v1";
    benchmark->tasks = held_out_tasks(10);
    benchmark->tasks.push_back(gold_task("practice-9", Part::practice));
    student.reply = as_configured;
    judge.reply = exact;
    teacher.script = [this](Purpose purpose, const sdk::GenerateRequest&) {
      return answer(purpose);
    };
  }
  SessionFixture(const SessionFixture&) = delete;
  SessionFixture& operator=(const SessionFixture&) = delete;

  Result<sdk::GenerateResult> answer(Purpose purpose) {
    if (purpose == Purpose::planning) return says(json::serialize(json::object{{"edits", edits}}));
    const json::object task{{"task_id", "practice-9"}};
    if (diagnosis_turns++ % 2 == 0)
      return says("", {{"1", "run_student_on_task", task}, {"2", "compare_outputs", task}});
    return says("It fails.\n```json\n[{\"id\": \"a\", \"task_ids\": [\"practice-9\"]}]\n```");
  }

  EvaluationMemory evaluations;

  SessionParts parts() {
    return {live,
            traces,
            benchmark ? &*benchmark : nullptr,
            evaluations,
            teacher,
            student,
            judge,
            toolbox,
            teacher,
            stager,
            checkpoint,
            catalogue,
            differ,
            recorder,
            progress,
            clock,
            {"system", "conclude", "again", "self"},
            {"{ops}", "{error}"},
            {},
            {},
            {},
            {},
            4,
            30,
            0.7,
            cancelled};
  }

  Result<Session> run(Autonomy autonomy = Autonomy::tiered, const std::string& id = kSessionId) {
    const SessionParts all = parts();
    return run_session(all, id, autonomy, trigger);
  }
  Result<EditOutcome> approve(const QueuedEdit& queued) {
    const SessionParts all = parts();
    return approve_edit(all, queued);
  }
  Result<EditOutcome> approve(int number) {
    const auto queued = recorder.queue().find(edit_id(number));
    return queued ? approve(*queued) : Result<EditOutcome>(queued.error());
  }
  Result<Rollback> undo() { return roll_back(recorded(), checkpoint, recorder); }

  Session recorded(const std::string& id = kSessionId) const {
    auto session = recorder.sessions().find(id);
    return session ? *session : Session{};
  }
  std::size_t queue_size() const {
    std::vector<std::string> broken;
    return recorder.queue().list(broken).size();
  }
  std::string& config() { return live.files["config.toml"]; }
  std::string file(const std::string& name) const {
    return "learning/sessions/" + kSessionId + "/" + name;
  }
};

}  // namespace jarvis::testing
