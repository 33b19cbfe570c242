#include "core/session/recovery.hpp"

#include <doctest/doctest.h>

#include "tests/unit/session/session_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

Result<std::vector<std::string>> recover(SessionFixture& fixture,
                                         std::vector<RevertedCommit> reverted = {},
                                         TakenBack what = TakenBack::session) {
  return recover_sessions(
      {fixture.checkpoint, fixture.recorder, fixture.clock, std::move(reverted), what,
       [](const std::string&) {
         return Result<std::map<std::string, double>>(
             std::map<std::string, double>{{"diagnosis", 0.25}, {"unsettled", 0.5}});
       }});
}

/** A session whose first edit is as it was when `change` has been made to it. */
Session with_first(const SessionFixture& fixture, const std::function<void(EditOutcome&)>& change) {
  Session session = fixture.recorded();
  change(session.outcomes.at(0));
  return session;
}

}  // namespace

TEST_CASE("recovery: of sessions that came to their end nothing is changed") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), prompt_edit("Be good.")};
  REQUIRE(fixture.run());
  const auto repairs = recover(fixture);
  REQUIRE(repairs);
  CHECK(repairs->empty());
  CHECK(fixture.recorded().status == SessionStatus::awaiting_review);
}

TEST_CASE("recovery: a cost that cannot be read is an error, and nothing is closed") {
  SessionFixture fixture;
  REQUIRE(fixture.run());
  Session session = fixture.recorded();
  session.status = SessionStatus::planning;
  REQUIRE(fixture.recorder.record(session));
  const auto repairs =
      recover_sessions({fixture.checkpoint,
                        fixture.recorder,
                        fixture.clock,
                        {},
                        TakenBack::edits,
                        [](const std::string&) -> Result<std::map<std::string, double>> {
                          return Error{ErrorKind::io, "disk", ""};
                        }});
  CHECK(repairs.error().message == "disk");
  CHECK(fixture.recorded().status == SessionStatus::planning);
}

TEST_CASE("recovery: a session that nobody runs is failed with its cost and a way to go on") {
  SessionFixture fixture;
  fixture.edits = {param_edit("bad")};
  REQUIRE(fixture.run());
  Session session = fixture.recorded();
  session.status = SessionStatus::executing;
  session.teacher_cost_usd = 0;
  REQUIRE(fixture.recorder.record(session));
  const auto repairs = recover(fixture);
  REQUIRE(repairs);
  CHECK(repairs->size() == 1);
  const Session closed = fixture.recorded();
  CHECK(closed.status == SessionStatus::failed);
  CHECK(closed.error_code == "interrupted");
  CHECK(closed.error_hint.find("learning resume " + kSessionId) != std::string::npos);
  CHECK(closed.teacher_cost_usd == 0.25);
  CHECK(closed.cost_by_purpose.at("unsettled") == 0.5);
  CHECK(is_interrupted(closed));
}

TEST_CASE("recovery: a session of OpenJarvis is left as it is") {
  SessionFixture fixture;
  REQUIRE(fixture.run());
  Session session = fixture.recorded();
  session.status = SessionStatus::executing;
  session.diagnosis_path = "/home/u/.openjarvis/learning/sessions/x/diagnosis.md";
  REQUIRE(fixture.recorder.record(session));
  CHECK(recover(fixture)->empty());
  CHECK(fixture.recorded().status == SessionStatus::executing);
}

TEST_CASE("recovery: an accepted edit whose files are in place is applied") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  REQUIRE(fixture.run());
  Session session = with_first(fixture, [](EditOutcome& outcome) {
    outcome.reached = false;
    outcome.status = EditStatus::skipped;
    outcome.commit.clear();
  });
  session.status = SessionStatus::executing;
  REQUIRE(fixture.recorder.record(session));
  REQUIRE(recover(fixture));
  const EditOutcome outcome = fixture.recorded().outcomes[0];
  CHECK(outcome.status == EditStatus::applied);
  CHECK(outcome.reached);
  CHECK(outcome.commit == "commit-1");
}

TEST_CASE("recovery: an accepted edit whose files never came is tried anew") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  REQUIRE(fixture.run());
  Session session = with_first(fixture, [](EditOutcome& outcome) {
    outcome.reached = false;
    outcome.status = EditStatus::skipped;
    outcome.commit.clear();
  });
  session.status = SessionStatus::executing;
  REQUIRE(fixture.recorder.record(session));
  fixture.config() = "skill = 0\n";
  REQUIRE(recover(fixture));
  const EditOutcome outcome = fixture.recorded().outcomes[0];
  CHECK_FALSE(outcome.reached);
  CHECK_FALSE(outcome.verdict);
}

TEST_CASE("recovery: an approved edit is applied where its files are, and waits where not") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good")};
  REQUIRE(fixture.run(Autonomy::manual));
  const auto approved = fixture.approve(1);
  REQUIRE(approved);
  REQUIRE(approved->status == EditStatus::applied);
  Session session = with_first(fixture, [](EditOutcome& outcome) {
    outcome.status = EditStatus::pending_review;
    outcome.commit.clear();
  });
  session.status = SessionStatus::awaiting_review;
  REQUIRE(fixture.recorder.record(session));
  REQUIRE(fixture.queue_size() == 1);
  SUBCASE("in place") {
    REQUIRE(recover(fixture));
    CHECK(fixture.recorded().outcomes[0].status == EditStatus::applied);
    CHECK(fixture.recorded().status == SessionStatus::completed);
    CHECK(fixture.queue_size() == 0);
  }
  SUBCASE("not in place") {
    fixture.config() = "skill = 0\n";
    REQUIRE(recover(fixture));
    CHECK(fixture.recorded().outcomes[0].status == EditStatus::pending_review);
    CHECK_FALSE(fixture.recorded().outcomes[0].verdict);
    CHECK(fixture.queue_size() == 1);
  }
}

TEST_CASE("recovery: what a rollback took back is rolled back, its queued edits are closed") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), prompt_edit("Be good.")};
  REQUIRE(fixture.run());
  const std::string commit = fixture.recorded().outcomes[0].commit;
  REQUIRE(recover(fixture, {{commit, "revert-1"}}));
  const Session session = fixture.recorded();
  CHECK(session.status == SessionStatus::rolled_back);
  CHECK(session.outcomes[0].status == EditStatus::rolled_back);
  CHECK(session.outcomes[0].revert_commit == "revert-1");
  CHECK(session.outcomes[1].status == EditStatus::rejected_by_user);
  CHECK(fixture.queue_size() == 0);
}

TEST_CASE("recovery: one edit of several that was taken back leaves the session as it is") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), prompt_edit("Be good.")};
  REQUIRE(fixture.run());
  Session session =
      with_first(fixture, [](EditOutcome& outcome) { outcome.harm = "feedback fell"; });
  REQUIRE(fixture.recorder.record(session));
  const auto repairs =
      recover(fixture, {{session.outcomes[0].commit, "revert-1"}}, TakenBack::edits);
  REQUIRE(repairs);
  CHECK(repairs->front() == "edit " + edit_id(1) + " is rolled back");
  CHECK(fixture.recorded().status == SessionStatus::awaiting_review);
  CHECK(fixture.recorded().outcomes[0].status == EditStatus::rolled_back);
  CHECK(fixture.recorded().outcomes[0].harm == "feedback fell");
  CHECK(fixture.queue_size() == 1);
}

TEST_CASE("recovery: a session with an edit that did harm is rolled back as a whole where asked") {
  SessionFixture fixture;
  fixture.edits = {param_edit("good"), prompt_edit("Be good.")};
  REQUIRE(fixture.run());
  Session session =
      with_first(fixture, [](EditOutcome& outcome) { outcome.harm = "feedback fell"; });
  REQUIRE(fixture.recorder.record(session));
  REQUIRE(recover(fixture, {{session.outcomes[0].commit, "revert-1"}}));
  CHECK(fixture.recorded().status == SessionStatus::rolled_back);
  CHECK(fixture.queue_size() == 0);
}

TEST_CASE("recovery: what an approval that was cut short has paid is counted") {
  SessionFixture fixture;
  fixture.edits = {prompt_edit("Be good.")};
  REQUIRE(fixture.run());
  Session session = fixture.recorded();
  session.approving = edit_id(1);
  REQUIRE(fixture.recorder.record(session));
  REQUIRE(recover(fixture));
  const Session counted = fixture.recorded();
  CHECK(counted.status == SessionStatus::awaiting_review);
  CHECK(counted.teacher_cost_usd == 0.25);
  CHECK(counted.cost_by_purpose.at("unsettled") == 0.5);
  CHECK(counted.approving.empty());
  CHECK(fixture.queue_size() == 1);
}

TEST_CASE("recovery: queue and index follow the sessions") {
  SessionFixture fixture;
  fixture.edits = {prompt_edit("Be good."), prompt_edit("Be better.")};
  REQUIRE(fixture.run());
  const auto first = fixture.recorder.queue().find(edit_id(1));
  REQUIRE(first);
  REQUIRE(fixture.recorder.queue().remove(*first));
  std::filesystem::remove(fixture.directory.path() / "learning/learning.db");
  const auto repairs = recover(fixture);
  REQUIRE(repairs);
  CHECK(repairs->size() == 2);
  CHECK(fixture.queue_size() == 2);
  CHECK(std::filesystem::exists(fixture.directory.path() / "learning/learning.db"));
}
