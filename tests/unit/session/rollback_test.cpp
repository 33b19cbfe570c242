#include "core/session/rollback.hpp"

#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** Knows two answers more for every "good" in its configuration. */
Result<std::string> learns(const HomeView& home, const std::string& query) {
  const std::string config = *home.read("config.toml");
  int known = 0;
  for (std::size_t at = 0; (at = config.find("good", at)) != std::string::npos; ++at) known += 2;
  return std::string(query.back() - '0' < known ? "right" : "wrong");
}

/** A session with two applied edits, one in the queue and one rejected. */
struct RollingBack : SessionFixture {
  RollingBack() {
    student.reply = learns;
    edits = {param_edit("good_one"), prompt_edit("x"), param_edit("useless"),
             param_edit("good_two")};
    REQUIRE(run());
    REQUIRE(config() == "skill = 0\ngood_one = 1\ngood_two = 1\n");
    REQUIRE(queue_size() == 1);
  }
};

}  // namespace

TEST_CASE("rollback: a session with nothing applied or queued is refused") {
  SessionFixture fixture;
  fixture.edits = {param_edit("bad")};
  REQUIRE(fixture.run());
  const auto undone = fixture.undo();
  REQUIRE_FALSE(undone);
  CHECK(undone.error().kind == ErrorKind::refused);
  CHECK(undone.error().message.find(kSessionId) != std::string::npos);
  CHECK(fixture.recorded().status == SessionStatus::completed);
  CHECK(fixture.checkpoint.reverts.empty());
}

TEST_CASE("rollback: on a conflict nothing is changed, neither in the home nor in the record") {
  RollingBack fixture;
  fixture.config() += "mine = 1\n";
  const std::string before = fixture.config();
  const auto undone = fixture.undo();
  REQUIRE_FALSE(undone);
  CHECK(undone.error().message.find("config.toml") != std::string::npos);
  CHECK(fixture.config() == before);
  CHECK(fixture.checkpoint.commits.size() == 2);
  CHECK(fixture.queue_size() == 1);
  const Session session = fixture.recorded();
  CHECK(session.status == SessionStatus::awaiting_review);
  CHECK(session.outcomes.at(0).status == EditStatus::applied);
  CHECK(session.outcomes.at(1).status == EditStatus::pending_review);
}

TEST_CASE("rollback: takes back the newest first, with a commit for each, and closes the queue") {
  RollingBack fixture;
  const auto undone = fixture.undo();
  REQUIRE(undone);
  CHECK(undone->session_id == kSessionId);
  CHECK(fixture.checkpoint.reverts ==
        std::vector<std::vector<std::string>>{{"commit-2", "commit-1"}});
  REQUIRE(undone->reverted.size() == 2);
  CHECK(undone->reverted[0].edit_id == edit_id(4));
  CHECK(undone->reverted[0].commit == "commit-2");
  CHECK(undone->reverted[0].revert_commit == "commit-3");
  CHECK(undone->reverted[1].edit_id == edit_id(1));
  CHECK(undone->closed == std::vector<std::string>{edit_id(2)});
  CHECK(fixture.config() == "skill = 0\n");
  CHECK(fixture.checkpoint.commits.size() == 4);
  CHECK(fixture.checkpoint.commits[2].request.subject ==
        "learning: roll back set_agent_param simple good_two");
  CHECK(fixture.checkpoint.commits[2].request.trailers.at(0).second == edit_id(4));

  const Session session = fixture.recorded();
  CHECK(session.status == SessionStatus::rolled_back);
  CHECK(session.outcomes[0].status == EditStatus::rolled_back);
  CHECK(session.outcomes[0].revert_commit == "commit-4");
  CHECK(session.outcomes[1].status == EditStatus::rejected_by_user);
  CHECK(session.outcomes[1].reject_reason == "session rolled back");
  CHECK(session.outcomes[2].status == EditStatus::rejected_by_gate);
  CHECK(session.outcomes[3].status == EditStatus::rolled_back);
  CHECK(fixture.queue_size() == 0);
}

TEST_CASE("rollback: a second time is refused") {
  RollingBack fixture;
  REQUIRE(fixture.undo());
  const auto again = fixture.undo();
  CHECK(again.error().kind == ErrorKind::refused);
  CHECK(again.error().message == "session '" + kSessionId + "' is rolled back already");
  CHECK(fixture.checkpoint.commits.size() == 4);
}

TEST_CASE("rollback: an edit that was applied without a commit is refused, with all others") {
  RollingBack fixture;
  Session session = fixture.recorded();
  session.outcomes.at(0).commit.clear();
  REQUIRE(fixture.recorder.record(session));
  const auto undone = fixture.undo();
  REQUIRE_FALSE(undone);
  CHECK(undone.error().message.find(edit_id(1)) != std::string::npos);
  CHECK(fixture.checkpoint.reverts.empty());
  CHECK(fixture.recorded().outcomes.at(3).status == EditStatus::applied);
}

TEST_CASE("rollback: of a session that is partly rolled back, the remaining edits are") {
  RollingBack fixture;
  REQUIRE(roll_back_edit(fixture.recorded(), edit_id(4), fixture.checkpoint, fixture.recorder, ""));
  const auto undone = fixture.undo();
  REQUIRE(undone);
  REQUIRE(undone->reverted.size() == 1);
  CHECK(undone->reverted[0].edit_id == edit_id(1));
  CHECK(fixture.config() == "skill = 0\n");
  CHECK(fixture.recorded().status == SessionStatus::rolled_back);
}

TEST_CASE("rollback: an edit whose effect is gone counts, without a commit") {
  RollingBack fixture;
  fixture.checkpoint.gone = {"commit-2"};
  fixture.config() = "skill = 0\ngood_one = 1\n";
  const auto undone = fixture.undo();
  REQUIRE(undone);
  REQUIRE(undone->reverted.size() == 2);
  CHECK(undone->reverted[0].revert_commit.empty());
  CHECK(undone->reverted[1].revert_commit == "commit-3");
  const Session session = fixture.recorded();
  CHECK(session.outcomes[3].status == EditStatus::rolled_back);
  CHECK(session.outcomes[3].revert_commit.empty());
  CHECK(session.status == SessionStatus::rolled_back);
}

TEST_CASE("rollback of one edit: what is not applied, or not there, is refused") {
  RollingBack fixture;
  const auto undo = [&](const std::string& id) {
    return roll_back_edit(fixture.recorded(), id, fixture.checkpoint, fixture.recorder, "worse")
        .error();
  };
  CHECK(undo("edit-other").kind == ErrorKind::not_found);
  CHECK(undo(edit_id(2)).message.find("is not applied: it is pending_review") != std::string::npos);
  CHECK(undo(edit_id(3)).kind == ErrorKind::refused);
  CHECK(fixture.checkpoint.reverts.empty());
  for (const EditOutcome& outcome : fixture.recorded().outcomes) CHECK(outcome.harm.empty());
}

TEST_CASE("rollback of one edit: on a conflict the record stays as it was") {
  RollingBack fixture;
  fixture.config() += "mine = 1\n";
  const auto undone =
      roll_back_edit(fixture.recorded(), edit_id(4), fixture.checkpoint, fixture.recorder, "worse");
  REQUIRE_FALSE(undone);
  CHECK(fixture.recorded().outcomes.at(3).status == EditStatus::applied);
  CHECK(fixture.recorded().outcomes.at(3).harm.empty());
}

TEST_CASE("rollback of one edit: it is remembered as harmful, and the session stays as it is") {
  RollingBack fixture;
  const auto undone = roll_back_edit(fixture.recorded(), edit_id(4), fixture.checkpoint,
                                     fixture.recorder, "feedback fell");
  REQUIRE(undone);
  REQUIRE(undone->reverted.size() == 1);
  CHECK(undone->reverted[0].commit == "commit-2");
  CHECK(fixture.config() == "skill = 0\ngood_one = 1\n");
  CHECK(fixture.queue_size() == 1);
  const Session session = fixture.recorded();
  CHECK(session.status == SessionStatus::awaiting_review);
  CHECK(session.outcomes[0].status == EditStatus::applied);
  CHECK(session.outcomes[3].status == EditStatus::rolled_back);
  CHECK(session.outcomes[3].revert_commit == "commit-3");
  CHECK(session.outcomes[3].harm == "feedback fell");
}

TEST_CASE("rollback: an edit approved last is taken back first") {
  SessionFixture fixture;
  fixture.student.reply = learns;
  fixture.edits = {param_edit("good_one"), param_edit("good_two")};
  REQUIRE(fixture.run(Autonomy::manual));
  REQUIRE(fixture.approve(2));
  fixture.clock.seconds += 60;
  REQUIRE(fixture.approve(1));
  REQUIRE(fixture.undo());
  CHECK(fixture.checkpoint.reverts ==
        std::vector<std::vector<std::string>>{{"commit-2", "commit-1"}});
  CHECK(fixture.config() == "skill = 0\n");
}

TEST_CASE("rollback: a session with a queue alone has it closed") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  REQUIRE(fixture.run(Autonomy::manual));
  const auto undone = fixture.undo();
  REQUIRE(undone);
  CHECK(undone->reverted.empty());
  CHECK(fixture.queue_size() == 0);
  CHECK(fixture.checkpoint.reverts.empty());
  CHECK(fixture.approve(1).error().kind == ErrorKind::not_found);
}

TEST_CASE("rollback: a failed session with applied edits can be taken back") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), param_edit("other")};
  fixture.checkpoint.dirty = {"config.toml"};
  fixture.checkpoint.dirty_from_call = 2;  // once before and once after an edit is measured
  REQUIRE(fixture.run()->status == SessionStatus::failed);
  REQUIRE(fixture.undo());
  CHECK(fixture.config() == "skill = 0\n");
  CHECK(fixture.recorded().status == SessionStatus::rolled_back);
}

TEST_CASE("last applied: the newest session with live edits, or none") {
  SessionFixture fixture;
  CHECK(last_applied_session(fixture.recorder).error().kind == ErrorKind::not_found);
  fixture.student.reply = learns;
  const std::string first = "session-20260601T030000_00000001",
                    second = "session-20260602T030000_00000002",
                    third = "session-20260603T030000_00000003";
  for (const auto& [id, param] : std::vector<std::pair<std::string, std::string>>{
           {first, "good_one"}, {second, "good_two"}, {third, "useless"}}) {
    fixture.edits = {param_edit(param)};
    fixture.clock.seconds += 60;
    REQUIRE(fixture.run(Autonomy::tiered, id));
  }
  CHECK(last_applied_session(fixture.recorder)->id == second);
  REQUIRE(roll_back(*last_applied_session(fixture.recorder), fixture.checkpoint, fixture.recorder));
  CHECK(last_applied_session(fixture.recorder)->id == first);
  REQUIRE(roll_back(*last_applied_session(fixture.recorder), fixture.checkpoint, fixture.recorder));
  CHECK_FALSE(last_applied_session(fixture.recorder));
  CHECK(fixture.config() == "skill = 0\n");
}

TEST_CASE(
    "reject: drops the edit with its reason, and completes a session that waited for it alone") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), param_edit("other")};
  REQUIRE(fixture.run(Autonomy::manual));
  const QueuedEdit queued = *fixture.recorder.queue().find(edit_id(1));
  const auto rejected = reject_edit(fixture.recorder, queued, "not wanted");
  REQUIRE(rejected);
  CHECK(rejected->status == EditStatus::rejected_by_user);
  CHECK(fixture.recorded().outcomes.at(0).reject_reason == "not wanted");
  CHECK(fixture.recorded().status == SessionStatus::awaiting_review);
  CHECK(fixture.queue_size() == 1);
  CHECK(reject_edit(fixture.recorder, queued, "again").error().kind == ErrorKind::refused);
  REQUIRE(reject_edit(fixture.recorder, *fixture.recorder.queue().find(edit_id(2)), ""));
  CHECK(fixture.recorded().status == SessionStatus::completed);
}

TEST_CASE("reject: an edit or session that is not on record is not found") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  REQUIRE(fixture.run(Autonomy::manual));
  QueuedEdit queued = *fixture.recorder.queue().find(edit_id(1));
  queued.edit.id = "edit-other";
  CHECK(reject_edit(fixture.recorder, queued, "").error().kind == ErrorKind::not_found);
  queued.session_id = "session-other";
  CHECK(reject_edit(fixture.recorder, queued, "").error().kind == ErrorKind::not_found);
}
