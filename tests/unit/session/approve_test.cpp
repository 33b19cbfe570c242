#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>

#include "core/base/atomic_file.hpp"
#include "tests/unit/session/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** A session whose queue holds the edits 1 … n, one for each parameter named. */
struct Approving : SessionFixture {
  explicit Approving(const std::vector<std::string>& names) {
    for (const std::string& name : names) edits.push_back(param_edit(name));
    REQUIRE(run(Autonomy::manual));
    REQUIRE(queue_size() == names.size());
    REQUIRE(recorded().status == SessionStatus::awaiting_review);
  }

  void alter(const std::string& name, const std::string& what, const std::string& with) {
    std::string text = directory.read(name);
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    REQUIRE(write_file_atomically(directory.path() / name, text.replace(at, what.size(), with)));
  }
  const EditOutcome& outcome(int number) {
    session_ = recorded();
    return session_.outcomes.at(static_cast<std::size_t>(number - 1));
  }
  void check_untouched() {
    CHECK(outcome(1).status == EditStatus::pending_review);
    CHECK(checkpoint.commits.empty());
    CHECK(config() == "skill = 0\n");
  }

 private:
  Session session_;
};

}  // namespace

TEST_CASE("approve: without a benchmark the edit stays in the queue") {
  Approving approving({"good"});
  approving.benchmark.reset();
  const auto approved = approving.approve(1);
  REQUIRE_FALSE(approved);
  CHECK(approved.error().kind == ErrorKind::not_ready);
  CHECK(approved.error().message.find("Personal benchmark is empty") == 0);
  CHECK(approving.queue_size() == 1);
}

TEST_CASE("approve: an altered queue file is refused") {
  Approving approving({"good"});
  approving.alter("learning/pending_review/" + kSessionId + "__" + edit_id(1) + ".json", "\"good\"",
                  "\"evil\"");
  const auto approved = approving.approve(1);
  REQUIRE_FALSE(approved);
  CHECK(approved.error().kind == ErrorKind::refused);
  CHECK(approved.error().message.find("its queue file was changed") != std::string::npos);
  approving.check_untouched();
}

TEST_CASE("approve: an altered session.json is refused, the queue shows what was planned") {
  Approving approving({"good"});
  approving.alter(approving.file("session.json"), "\"param\": \"good\"", "\"param\": \"evil\"");
  const auto approved = approving.approve(1);
  REQUIRE_FALSE(approved);
  CHECK(approved.error().message.find("session.json was changed") != std::string::npos);
  approving.check_untouched();
}

TEST_CASE("approve: an altered or missing plan.json is refused") {
  Approving approving({"good"});
  SUBCASE("altered") {
    approving.alter(approving.file("plan.json"), "\"good\"", "\"evil\"");
  }
  SUBCASE("missing") {
    std::filesystem::remove(approving.directory.path() / approving.file("plan.json"));
  }
  CHECK_FALSE(approving.approve(1));
  CHECK(approving.queue_size() == 1);
  approving.check_untouched();
}

TEST_CASE("approve: a queue file that was left behind does not apply an edit twice") {
  Approving approving({"good"});
  const auto queued = approving.recorder.queue().find(edit_id(1));
  REQUIRE(queued);
  REQUIRE(approving.approve(1));
  REQUIRE(approving.recorder.queue().add(*queued));
  const auto again = approving.approve(1);
  REQUIRE_FALSE(again);
  CHECK(again.error().kind == ErrorKind::refused);
  CHECK(again.error().message.find("it is applied") != std::string::npos);
  CHECK(approving.checkpoint.commits.size() == 1);
  CHECK_FALSE(reject_edit(approving.recorder, *queued, "no"));
  CHECK(approving.outcome(1).status == EditStatus::applied);
}

TEST_CASE("approve: an edit of an unknown session, or unknown in its session, is not found") {
  Approving approving({"good"});
  QueuedEdit queued = *approving.recorder.queue().find(edit_id(1));
  queued.edit.id = "edit-other";
  CHECK(approving.approve(queued).error().kind == ErrorKind::not_found);
  queued.session_id = "session-other";
  CHECK(approving.approve(queued).error().kind == ErrorKind::not_found);
}

TEST_CASE("approve: a dirty tree leaves the edit in the queue") {
  Approving approving({"good"});
  approving.checkpoint.dirty = {"config.toml"};
  CHECK(approving.approve(1).error().kind == ErrorKind::dirty);
  CHECK(approving.queue_size() == 1);
  approving.check_untouched();
}

TEST_CASE("approve: what throws leaves the edit in the queue as it was, and the cost is recorded") {
  Approving approving({"good"});
  approving.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    throw std::runtime_error("broken runner");
  };
  const double before = approving.recorded().teacher_cost_usd;
  CHECK(approving.approve(1).error().message == "broken runner");
  CHECK(approving.queue_size() == 1);
  CHECK(approving.outcome(1).error.find("review") == 0);
  CHECK(approving.recorded().teacher_cost_usd > before);
  approving.check_untouched();
}

TEST_CASE("approve: what its applier refuses now is skipped and leaves the queue") {
  Approving approving({"good"});
  approving.catalogue.applier = [](const Edit&, MemoryStage&) {
    return Result<std::string>(Error{ErrorKind::refused, "no such agent any more", ""});
  };
  const auto approved = approving.approve(1);
  REQUIRE(approved);
  CHECK(approved->status == EditStatus::skipped);
  CHECK(approved->error == "no such agent any more");
  CHECK(approving.queue_size() == 0);
  CHECK(approving.recorded().status == SessionStatus::completed);
}

TEST_CASE("approve: a rejection of the gate leaves the queue") {
  Approving approving({"bad", "good"});
  const auto approved = approving.approve(1);
  REQUIRE(approved);
  CHECK(approved->status == EditStatus::rejected_by_gate);
  CHECK(approving.queue_size() == 1);
  CHECK(approving.recorded().status == SessionStatus::awaiting_review);
  CHECK(approving.checkpoint.commits.empty());
}

TEST_CASE("approve: undecided stays in the queue with the evidence, and may be tried again") {
  Approving approving({"good"});
  approving.student.reply = [](const HomeView&, const std::string&) {
    return Result<std::string>(Error{ErrorKind::unavailable, "timeout", ""});
  };
  const auto approved = approving.approve(1);
  REQUIRE(approved);
  CHECK(approved->status == EditStatus::pending_review);
  CHECK(approved->error.find("undecided: ") == 0);
  CHECK(approved->verdict->decision == Decision::undecided);
  CHECK(approving.queue_size() == 1);
  CHECK(approving.recorder.queue().find(edit_id(1))->reason == approved->error);
  CHECK(approving.outcome(1).verdict->decision == Decision::undecided);
  approving.student.reply = as_configured;
  CHECK(approving.approve(1)->status == EditStatus::applied);
}

TEST_CASE("approve: without the money for the gate the edit stays in the queue") {
  Approving approving({"good"});
  approving.student.reply = [](const HomeView&, const std::string&) {
    return Result<std::string>(Error{ErrorKind::budget, "does not fit", ""});
  };
  const auto approved = approving.approve(1);
  REQUIRE(approved);
  CHECK(approved->status == EditStatus::pending_review);
  CHECK(approved->error == "not gated: budget");
  CHECK(approving.queue_size() == 1);
}

TEST_CASE("approve: an accepted edit is applied, leaves the queue, and its cost is added") {
  Approving approving({"good", "other"});
  const Session before = approving.recorded();
  CHECK_FALSE(before.before);
  const auto approved = approving.approve(1);
  REQUIRE(approved);
  CHECK(approved->status == EditStatus::applied);
  CHECK(approved->error.empty());
  CHECK(approving.config() == "skill = 0\ngood = 1\n");
  CHECK(approving.queue_size() == 1);
  const Session after = approving.recorded();
  CHECK(after.status == SessionStatus::awaiting_review);
  CHECK(after.git_post == "commit-1");
  CHECK(after.before->overall_score == 0.5);
  CHECK(after.after->overall_score == 1.0);
  CHECK(after.outcomes.at(0).commit == "commit-1");
  // The fake purse is the session's own: its whole sum comes on top.
  CHECK(after.teacher_cost_usd == doctest::Approx(2 * before.teacher_cost_usd));
  CHECK(after.cost_by_purpose.at("planning") == doctest::Approx(0.02));
}

TEST_CASE("approve: a manual edit is tried too, once a person says so") {
  SessionFixture fixture;
  fixture.edits = {
      json::object{{"op", "lora_finetune"}, {"payload", {{"param", "good"}, {"value", 1}}}}};
  fixture.catalogue.applier = [](const Edit&, MemoryStage& stage) {
    stage.files["config.toml"] = "good\n";
    return Result<std::string>("done");
  };
  REQUIRE(fixture.run(Autonomy::automatic));
  CHECK(fixture.recorded().outcomes.at(0).error.find("manual") == 0);
  CHECK(fixture.approve(1)->status == EditStatus::applied);
  CHECK(fixture.recorded().status == SessionStatus::completed);
}

TEST_CASE("approve: numbers with many digits are the same edit after a trip through three files") {
  SessionFixture fixture;
  json::object edit = param_edit("good");
  edit["payload"].as_object()["value"] = 0.1234567890123456;
  json::object tiny = param_edit("other");
  tiny["payload"].as_object()["value"] = 2.2250738585072014e-308;
  fixture.edits = {edit, tiny};
  REQUIRE(fixture.run(Autonomy::manual));
  CHECK(fixture.approve(1)->status == EditStatus::applied);
  CHECK(fixture.approve(2)->status == EditStatus::rejected_by_gate);
}
