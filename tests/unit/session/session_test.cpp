#include "core/session/session.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/unit/session/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** The session failed, says why, and is on the disk as it was returned. */
void check_failed(const SessionFixture& fixture, const Result<Session>& session, ErrorKind kind,
                  const std::string& message) {
  REQUIRE(session);
  CHECK(session->status == SessionStatus::failed);
  CHECK(session->error_code == to_string(kind));
  CHECK(session->error.find(message) != std::string::npos);
  CHECK_FALSE(session->ended_at.empty());
  const Session recorded = fixture.recorded();
  CHECK(recorded.status == SessionStatus::failed);
  CHECK(recorded.error == session->error);
  CHECK(recorded.teacher_cost_usd == session->teacher_cost_usd);
}

}  // namespace

TEST_CASE("session: a teacher that throws makes a failed session with its cost") {
  SessionFixture fixture;
  fixture.teacher.script = [&](Purpose purpose,
                               const sdk::GenerateRequest&) -> Result<sdk::GenerateResult> {
    if (fixture.diagnosis_turns == 2) throw std::runtime_error("broken plugin");
    return fixture.answer(purpose);
  };
  const auto session = fixture.run();
  check_failed(fixture, session, ErrorKind::internal, "broken plugin");
  CHECK(session->teacher_cost_usd == doctest::Approx(0.03));
  CHECK(session->cost_by_purpose.at("diagnosis") == doctest::Approx(0.02));
  CHECK(session->clusters.size() == 1);
}

TEST_CASE("session: a student that throws in the gate leaves every edit accounted for") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), param_edit("bad")};
  fixture.student.reply = [&](const HomeView& home, const std::string& query) {
    if (fixture.student.calls > 5) throw std::runtime_error("broken runner");
    return as_configured(home, query);
  };
  const auto session = fixture.run();
  check_failed(fixture, session, ErrorKind::internal, "broken runner");
  REQUIRE(session->outcomes.size() == 2);
  for (const EditOutcome& outcome : session->outcomes) {
    CHECK(outcome.status == EditStatus::skipped);
    CHECK(outcome.error == "not reached");
  }
  CHECK(fixture.config() == "skill = 0\n");
}

TEST_CASE("session: clusters without evidence fail it, and are reported") {
  SessionFixture fixture;
  fixture.student.reply = [](const HomeView&, const std::string&) {
    return Result<std::string>("right");
  };
  const auto session = fixture.run();
  check_failed(fixture, session, ErrorKind::refused, "All clusters dropped: insufficient evidence");
  CHECK_FALSE(session->error_hint.empty());
  REQUIRE(session->clusters.size() == 1);
  CHECK(session->clusters[0].dropped);
  CHECK(session->diagnosis_path == fixture.file("diagnosis.md"));
  CHECK(session->plan_path.empty());
  CHECK(session->teacher_cost_usd > 0);
}

TEST_CASE("session: an unreadable plan fails it") {
  SessionFixture fixture;
  fixture.teacher.script = [&](Purpose purpose, const sdk::GenerateRequest&) {
    return purpose == Purpose::planning ? Result<sdk::GenerateResult>(says("Sorry."))
                                        : fixture.answer(purpose);
  };
  const auto session = fixture.run();
  check_failed(fixture, session, ErrorKind::invalid, "the teacher's plan cannot be read");
  CHECK(session->plan_path.empty());
}

TEST_CASE("session: hand-made changes end it, what was decided before stays") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), param_edit("bad"), param_edit("worse")};
  fixture.checkpoint.dirty = {"config.toml"};
  fixture.checkpoint.dirty_from_call = 2;  // once before and once after an edit is measured
  const auto session = fixture.run();
  check_failed(fixture, session, ErrorKind::dirty, "Working tree dirty, cannot stage");
  CHECK(session->outcomes.at(0).status == EditStatus::applied);
  CHECK(session->outcomes.at(2).error == "not reached");
  CHECK(session->git_post == "commit-1");
  CHECK(session->after);
}

TEST_CASE("session: a repository that cannot be read fails it before anything is spent") {
  SessionFixture fixture;
  fixture.checkpoint.broken = true;
  const auto session = fixture.run();
  check_failed(fixture, session, ErrorKind::io, "cannot read the repository");
  CHECK(fixture.teacher.calls == 0);
}

TEST_CASE("session: cancelling fails it with that word") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  fixture.cancelled = [&] { return fixture.student.calls > 3; };
  check_failed(fixture, fixture.run(), ErrorKind::cancelled, "cancelled");
}

TEST_CASE("session: only a record that cannot be written is an error of its own") {
  SessionFixture fixture;
  fixture.directory.write("learning", "a file in the way");
  CHECK_FALSE(fixture.run());
  CHECK(fixture.teacher.calls == 0);
}

TEST_CASE("session: a whole one, with an accept, a reject, a queued and a skipped edit") {
  SessionFixture fixture;
  fixture.trigger = {"user_flag", {{"trace_id", "t1"}}, {"t1"}};
  fixture.edits = {param_edit("bad"), param_edit("good"), prompt_edit("Be good."),
                   json::object{{"op", "lora_finetune"}, {"payload", json::object()}}};
  const auto session = fixture.run();
  REQUIRE(session);
  CHECK(session->error.empty());
  CHECK(session->status == SessionStatus::awaiting_review);
  REQUIRE(session->outcomes.size() == 4);
  CHECK(session->outcomes[0].status == EditStatus::rejected_by_gate);
  CHECK(session->outcomes[1].status == EditStatus::applied);
  CHECK(session->outcomes[2].status == EditStatus::pending_review);
  CHECK(session->outcomes[3].status == EditStatus::skipped);
  CHECK(session->git_pre == "baseline");
  CHECK(session->git_post == "commit-1");
  CHECK(session->before->overall_score == 0.5);
  CHECK(session->after->overall_score == 1.0);
  CHECK(session->sampled_task_ids.size() == 10);
  CHECK(session->benchmark_version == "personal_v1");
  CHECK(session->started_at == "2026-05-28T20:26:40Z");
  CHECK(session->trigger.trace_ids == std::vector<std::string>{"t1"});
  CHECK(fixture.config() == "skill = 0\ngood = 1\n");
  CHECK(fixture.queue_size() == 1);

  const Session recorded = fixture.recorded();
  CHECK(recorded.outcomes.size() == 4);
  CHECK(recorded.outcomes[1].commit == "commit-1");
  CHECK(fixture.directory.read(session->diagnosis_path).find("It fails.") == 0);
  CHECK(read_plan(fixture.directory.read(session->plan_path), session->plan_sha256));
  CHECK_FALSE(fixture.directory.read(fixture.file("teacher_traces/diagnose.jsonl")).empty());
  CHECK_FALSE(fixture.directory.read(fixture.file("teacher_traces/plan.jsonl")).empty());
  CHECK(fixture.teacher.allowed == std::vector<SpendingStep>{SpendingStep::diagnose,
                                                             SpendingStep::plan,
                                                             SpendingStep::execute});
}

TEST_CASE("session: two accepted edits are measured together, also when that was interrupted") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good_one"), param_edit("good_two")};
  fixture.student.reply = [](const HomeView& home, const std::string& query) {
    const std::string config = *home.read("config.toml");
    const int known = config.find("good_two") != std::string::npos   ? 4
                      : config.find("good_one") != std::string::npos ? 2
                                                                     : 0;
    return Result<std::string>(query.back() - '0' < known ? "right" : "wrong");
  };
  fixture.cancelled = [&] { return fixture.checkpoint.commits.size() == 2; };
  check_failed(fixture, fixture.run(), ErrorKind::cancelled, "cancelled");
  REQUIRE(is_interrupted(fixture.recorded()));
  CHECK_FALSE(fixture.recorded().whole);

  fixture.cancelled = {};
  const SessionParts parts = fixture.parts();
  const auto session = resume_session(parts, fixture.recorded());
  REQUIRE(session);
  CHECK(session->status == SessionStatus::completed);
  CHECK(fixture.checkpoint.commits.size() == 2);
  REQUIRE(session->whole);
  CHECK(*session->whole->delta == doctest::Approx(0.4));
  CHECK(*fixture.recorded().outcomes[1].delta_in_company == doctest::Approx(0.2));
  CHECK_FALSE(is_interrupted(*session));
}

TEST_CASE("session: with nothing left to decide it is completed") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  CHECK(fixture.run()->status == SessionStatus::completed);
  CHECK(fixture.queue_size() == 0);
}

TEST_CASE("session: a plan without edits completes it") {
  SessionFixture fixture;
  const auto session = fixture.run();
  REQUIRE(session);
  CHECK(session->status == SessionStatus::completed);
  CHECK(session->outcomes.empty());
  CHECK_FALSE(session->before);
}

TEST_CASE("session: without a benchmark it diagnoses on traces and queues") {
  SessionFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("question 1", 0.9, "right").id = "practice-9";
  fixture.edits = {param_edit("good")};
  const auto session = fixture.run();
  REQUIRE(session);
  CHECK(session->status == SessionStatus::awaiting_review);
  CHECK(session->outcomes.at(0).error == "Personal benchmark is empty");
  CHECK(session->sampled_task_ids.empty());
  CHECK(fixture.checkpoint.commits.empty());
}

TEST_CASE("session: what was reserved and never settled is reported apart") {
  SessionFixture fixture;
  fixture.teacher.unsettled = 0.5;
  CHECK(fixture.run()->cost_by_purpose.at("unsettled") == 0.5);
}

TEST_CASE("session: its state is on the disk at every phase") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  std::vector<SessionStatus> seen;
  const auto look = [&] {
    const SessionStatus now = fixture.recorded().status;
    if (seen.empty() || seen.back() != now) seen.push_back(now);
  };
  fixture.teacher.inspect = [&](const sdk::GenerateRequest&) { look(); };
  fixture.catalogue.applier = [&](const Edit&, MemoryStage& stage) {
    look();
    stage.files["config.toml"] = "good\n";
    return Result<std::string>("done");
  };
  REQUIRE(fixture.run());
  look();
  CHECK(seen == std::vector<SessionStatus>{SessionStatus::diagnosing, SessionStatus::planning,
                                           SessionStatus::executing, SessionStatus::completed});
}
