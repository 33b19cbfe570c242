#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/unit/execute/execute_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

TEST_CASE(
    "execute: a refused edit is skipped with its reason, whatever its tier, and never staged") {
  Executing executing;
  std::vector<Edit> edits{edit_of("a", "good"), edit_of("b", "good", Tier::review),
                          edit_of("c", "good", Tier::manual)};
  for (Edit& edit : edits) edit.refusal = "unknown op";
  REQUIRE(executing.run(edits, Autonomy::automatic));
  for (const EditOutcome& outcome : executing.execution.outcomes) {
    CHECK(outcome.status == EditStatus::skipped);
    CHECK(outcome.error == "unknown op");
    CHECK_FALSE(outcome.verdict);
  }
  CHECK(executing.stager.names.empty());
  CHECK(executing.student.calls == 0);
}

TEST_CASE("execute: what its applier refuses is skipped with reason and hint before it is queued") {
  Executing executing;
  Edit lora;
  lora.id = "a";
  lora.op = "lora_finetune";
  lora.tier = Tier::manual;
  REQUIRE(executing.run({lora}));
  CHECK(executing.outcome(0).status == EditStatus::skipped);
  CHECK(executing.outcome(0).error == "this version trains nothing (collect more answers)");
}

TEST_CASE(
    "execute: a model that the student's server does not offer is skipped, what it offers is "
    "named") {
  Executing executing;
  executing.known_models = {"small:latest", "large"};
  std::vector<Edit> edits{edit_of("a", "bad"), edit_of("b", "bad")};
  edits[0].payload["model"] = "huge";
  edits[1].payload["model"] = "small";
  REQUIRE(executing.run(edits));
  CHECK(executing.outcome(0).status == EditStatus::skipped);
  CHECK(executing.outcome(0).error.find("'huge'") != std::string::npos);
  CHECK(executing.outcome(0).error.find("small:latest, large") != std::string::npos);
  CHECK(executing.outcome(1).status == EditStatus::rejected_by_gate);
}

TEST_CASE(
    "execute: an edit that gives an answer of the benchmark away is skipped before it is queued") {
  Executing executing;
  executing.held_out = {gold_task("h", Part::held_out)};
  executing.held_out[0].query = "What is the capital of Norway?";
  executing.held_out[0].gold = "Oslo";
  Edit edit;
  edit.id = "a";
  edit.op = "replace_system_prompt";
  edit.payload = {{"agent", "simple"}, {"new_content", "What is the capital of Norway? Say Oslo."}};
  REQUIRE(executing.run({edit}));
  CHECK(executing.outcome(0).status == EditStatus::skipped);
  CHECK(executing.outcome(0).error.find("contains benchmark answers") == 0);
  CHECK(executing.outcome(0).diff.empty());
}

TEST_CASE("execute: a dirty tree ends the phase, later edits are not reached, files stay") {
  Executing executing;
  executing.checkpoint.dirty = {"config.toml", "agents/x.md"};
  executing.checkpoint.dirty_from_call = 2;  // once before and once after an edit is measured
  const auto done =
      executing.run({edit_of("a", "bad"), edit_of("b", "good"), edit_of("c", "good")});
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::dirty);
  CHECK(done.error().message ==
        "Working tree dirty, cannot stage: config.toml, agents/x.md changed by hand");
  CHECK(executing.outcome(0).status == EditStatus::rejected_by_gate);
  CHECK(executing.outcome(1).status == EditStatus::skipped);
  CHECK(executing.outcome(1).error == done.error().message);
  CHECK(executing.outcome(2).status == EditStatus::skipped);
  CHECK(executing.outcome(2).error == "not reached");
  CHECK(executing.checkpoint.commits.empty());
  CHECK(executing.decided == 1);
}

TEST_CASE("execute: what was measured while the user changed another file decides nothing") {
  Executing executing;
  executing.checkpoint.dirty = {"agents/x.md"};
  executing.checkpoint.dirty_from_call = 1;
  const auto done = executing.run({edit_of("a", "good")});
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::dirty);
  CHECK(executing.outcome(0).status == EditStatus::skipped);
  CHECK(executing.checkpoint.commits.empty());
}

TEST_CASE("execute: a file that the user changes while the gate runs is kept, and ends the phase") {
  Executing executing;
  executing.student.reply = [&](const HomeView& home, const std::string& query) {
    executing.live.files["config.toml"] = "mine\n";
    return as_configured(home, query);
  };
  // One thread, so that the first question changes the file before any other is asked.
  executing.sample.resize(1);
  executing.sample[0].query = "question 1";
  const auto done = executing.run({edit_of("a", "good")});
  CHECK(done.error().kind == ErrorKind::dirty);
  CHECK(executing.live.files["config.toml"] == "mine\n");
  CHECK(executing.outcome(0).status == EditStatus::skipped);
  CHECK(executing.outcome(0).commit.empty());
}

TEST_CASE("execute: when the money is used up, what it cannot gate waits for review") {
  Executing executing;
  executing.student.reply = [&](const HomeView& home, const std::string& query) {
    if (executing.student.calls > 35)
      return Result<std::string>(Error{ErrorKind::budget, "does not fit", ""});
    return as_configured(home, query);
  };
  REQUIRE(executing.run({edit_of("a", "good"), edit_of("b", "useless"), edit_of("c", "bad")}));
  CHECK(executing.outcome(0).status == EditStatus::applied);
  for (const std::size_t index : {1, 2}) {
    CHECK(executing.outcome(index).status == EditStatus::pending_review);
    CHECK(executing.outcome(index).error == "not gated: budget");
    CHECK_FALSE(executing.outcome(index).diff.empty());
  }
}

TEST_CASE("execute: without money for the baseline edits wait too, and there is no score before") {
  Executing executing;
  executing.student.reply = [](const HomeView&, const std::string&) {
    return Result<std::string>(Error{ErrorKind::budget, "does not fit", ""});
  };
  REQUIRE(executing.run({edit_of("a", "good")}));
  CHECK(executing.outcome(0).error == "not gated: budget");
  CHECK_FALSE(executing.execution.before);
}

TEST_CASE("execute: cancelling ends the phase") {
  Executing executing;
  executing.cancelled = [&] { return executing.student.calls >= 3; };
  CHECK(executing.run({edit_of("a", "good"), edit_of("b", "good")}).error().kind ==
        ErrorKind::cancelled);
  CHECK(executing.outcome(1).error == "not reached");
}

TEST_CASE("execute: what throws leaves the edits after it, and itself, not reached") {
  Executing executing;
  executing.catalogue.applier = [](const Edit& edit, MemoryStage& stage) -> Result<std::string> {
    if (edit.id == "b") throw std::runtime_error("broken plugin");
    stage.files["config.toml"] += "good\n";
    return std::string("done");
  };
  CHECK_THROWS((void)executing.run({edit_of("a", "good"), edit_of("b", "x"), edit_of("c", "x")}));
  CHECK(executing.outcome(0).status == EditStatus::applied);
  CHECK(executing.outcome(1).error == "not reached");
  CHECK(executing.outcome(2).error == "not reached");
}

TEST_CASE("execute: too many unanswered questions are undecided, which is a rejection") {
  Executing executing;
  executing.student.reply = [](const HomeView& home, const std::string& query) {
    if (query.back() < '2')
      return Result<std::string>(Error{ErrorKind::unavailable, "timeout", ""});
    return as_configured(home, query);
  };
  REQUIRE(executing.run({edit_of("a", "good")}));
  CHECK(executing.outcome(0).status == EditStatus::rejected_by_gate);
  REQUIRE(executing.outcome(0).verdict);
  CHECK(executing.outcome(0).verdict->decision == Decision::undecided);
  CHECK(executing.outcome(0).verdict->reason.find("16 of 20 task runs of the ") !=
        std::string::npos);
  CHECK(executing.checkpoint.commits.empty());
}

TEST_CASE("execute: a question that fails is missing, never zero") {
  Executing executing;
  executing.student.reply = [](const HomeView& home, const std::string& query) {
    if (query.back() == '0')
      return Result<std::string>(Error{ErrorKind::unavailable, "timeout", ""});
    return as_configured(home, query);
  };
  REQUIRE(executing.run({edit_of("a", "good")}));
  CHECK(executing.outcome(0).status == EditStatus::applied);
  REQUIRE(executing.execution.before);
  CHECK(executing.execution.before->task_count == 9);
  CHECK(executing.execution.before->overall_score == doctest::Approx(4.0 / 9));
  CHECK(executing.execution.after->overall_score == 1.0);
}

TEST_CASE("execute: without a benchmark everything waits, nothing is measured") {
  Executing executing;
  executing.sample.clear();
  Edit escalated = edit_of("c", "good", Tier::review);
  escalated.escalated = true;
  REQUIRE(executing.run({edit_of("a", "good"), edit_of("b", "good", Tier::review), escalated,
                         edit_of("d", "good", Tier::manual)},
                        Autonomy::automatic));
  for (const EditOutcome& outcome : executing.execution.outcomes)
    CHECK(outcome.status == EditStatus::pending_review);
  CHECK(executing.outcome(0).error == "Personal benchmark is empty");
  CHECK(executing.outcome(1).error == "Personal benchmark is empty");
  CHECK(executing.outcome(2).error == "Personal benchmark is empty");
  CHECK(executing.outcome(3).error == "Personal benchmark is empty");
  CHECK(executing.student.calls == 0);
  CHECK_FALSE(executing.execution.before);
}

TEST_CASE("execute: tiered tries auto, queues review and manual with diff and digest") {
  Executing executing;
  REQUIRE(executing.run({edit_of("a", "good"), edit_of("b", "good", Tier::review),
                         edit_of("c", "good", Tier::manual)}));
  CHECK(executing.outcome(0).status == EditStatus::applied);
  CHECK(executing.outcome(1).status == EditStatus::pending_review);
  CHECK(executing.outcome(1).error.find("review") == 0);
  CHECK(executing.outcome(1).diff.find("config.toml: ") == 0);
  CHECK(executing.outcome(1).content_sha256.size() == 64);
  CHECK(executing.outcome(2).status == EditStatus::pending_review);
  CHECK(executing.outcome(2).error.find("manual") == 0);
  CHECK(executing.checkpoint.commits.size() == 1);
}

TEST_CASE("autonomy: auto treats review as auto, but neither manual nor what was escalated") {
  Edit escalated = edit_of("a", "x", Tier::review);
  escalated.escalated = true;
  for (const Autonomy autonomy : {Autonomy::automatic, Autonomy::tiered, Autonomy::manual}) {
    CHECK(is_tried_unasked(edit_of("a", "x"), autonomy) == (autonomy != Autonomy::manual));
    CHECK(is_tried_unasked(edit_of("a", "x", Tier::review), autonomy) ==
          (autonomy == Autonomy::automatic));
    CHECK_FALSE(is_tried_unasked(edit_of("a", "x", Tier::manual), autonomy));
    CHECK_FALSE(is_tried_unasked(escalated, autonomy));
  }
}

TEST_CASE("autonomy: manual queues everything, also where there is a benchmark") {
  Executing executing;
  REQUIRE(
      executing.run({edit_of("a", "good"), edit_of("b", "good", Tier::review)}, Autonomy::manual));
  for (const EditOutcome& outcome : executing.execution.outcomes)
    CHECK(outcome.status == EditStatus::pending_review);
  CHECK(executing.student.calls == 0);
}

TEST_CASE("execute: a rejected edit leaves no trace in the home") {
  Executing executing;
  const Files before = executing.live.files;
  REQUIRE(executing.run({edit_of("a", "bad"), edit_of("b", "useless")}));
  CHECK(executing.outcome(0).status == EditStatus::rejected_by_gate);
  CHECK(executing.outcome(0).verdict->decision == Decision::reject);
  CHECK(*executing.outcome(0).verdict->benchmark_delta == doctest::Approx(-0.5));
  CHECK(executing.outcome(1).status == EditStatus::rejected_by_gate);
  CHECK(executing.live.files == before);
  CHECK(executing.checkpoint.commits.empty());
  CHECK_FALSE(executing.execution.after);
  CHECK(executing.execution.before->overall_score == 0.5);
}

TEST_CASE("execute: the accepted state is the next edit's baseline") {
  Executing executing;
  REQUIRE(executing.run({edit_of("a", "good"), edit_of("b", "good"), edit_of("c", "bad")}));
  CHECK(executing.outcome(0).status == EditStatus::applied);
  CHECK(executing.outcome(1).status == EditStatus::rejected_by_gate);
  CHECK(*executing.outcome(1).verdict->benchmark_delta == 0.0);
  CHECK(*executing.outcome(2).verdict->benchmark_delta == doctest::Approx(-1.0));
  CHECK(executing.execution.before->overall_score == 0.5);
  CHECK(executing.execution.after->overall_score == 1.0);
  CHECK(executing.live.files["config.toml"] == "skill = 0\ngood = 1\n");
}

TEST_CASE("execute: accepted edits are committed in the plan's order, with their trailers") {
  Executing executing;
  executing.student.reply = [](const HomeView& home, const std::string& query) {
    // Every "good" in the configuration teaches it two answers more.
    const std::string config = *home.read("config.toml");
    int known = 0;
    for (std::size_t at = 0; (at = config.find("good", at)) != std::string::npos; ++at) known += 2;
    return Result<std::string>(query.back() - '0' < known ? "right" : "wrong");
  };
  REQUIRE(
      executing.run({edit_of("a", "good_one"), edit_of("b", "useless"), edit_of("c", "good_two")}));
  REQUIRE(executing.checkpoint.commits.size() == 2);
  CHECK(executing.outcome(0).commit == executing.checkpoint.commits[0].id);
  CHECK(executing.outcome(2).commit == executing.checkpoint.commits[1].id);
  CHECK(executing.outcome(0).applied_at == "2026-05-28T20:26:40Z");
  const CommitRequest& request = executing.checkpoint.commits[0].request;
  CHECK(request.subject == "learning: set_agent_param simple good_one");
  CHECK(request.body == "because");
  CHECK(request.trailers ==
        std::vector<std::pair<std::string, std::string>>{
            {"Edit-ID", "a"}, {"Session-ID", "session-1"}, {"Risk-Tier", "auto"}});
  CHECK(executing.live.files["config.toml"] == "skill = 0\ngood_one = 1\ngood_two = 1\n");
}

TEST_CASE("execute: no state is measured more often than the gate wants") {
  Executing executing;
  REQUIRE(executing.run({edit_of("a", "bad"), edit_of("b", "useless")}));
  CHECK(executing.student.calls == 40);  // the present state twice, to see its noise
  CHECK(executing.judge.calls == 15);    // "useless" and half of "bad" change no answer
}

TEST_CASE("execute: an error of the caller's record ends the phase") {
  Executing executing;
  executing.plan.edits = {edit_of("a", "bad"), edit_of("b", "bad")};
  Trial trial({executing.live,
               executing.stager,
               executing.checkpoint,
               executing.catalogue,
               executing.differ,
               executing.student,
               executing.judge,
               executing.memory,
               executing.progress,
               executing.clock,
               executing.session_id,
               "personal_v1",
               executing.sample,
               {},
               4,
               {}});
  const auto done = execute(executing.plan, Autonomy::tiered, trial, executing.execution,
                            [](const EditOutcome&) -> Result<void> {
                              return Error{ErrorKind::io, "disk full", ""};
                            });
  CHECK(done.error().message == "disk full");
  CHECK(executing.outcome(0).status == EditStatus::rejected_by_gate);
  CHECK(executing.outcome(1).error == "not reached");
}
