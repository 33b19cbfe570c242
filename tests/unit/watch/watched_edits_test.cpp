#include "core/watch/watched_edits.hpp"

#include <doctest/doctest.h>

#include "core/ports/clock.hpp"
#include "core/ports/feedback_stats.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using jarvis::testing::FakeTraces;

namespace {

constexpr double kApplied = 1780000000;
constexpr double kHour = 3600;
constexpr double kNow = kApplied + 1000 * kHour;

EditOutcome applied(const std::string& id, double at, json::object payload = {}) {
  EditOutcome outcome;
  outcome.edit.id = id;
  outcome.edit.payload = std::move(payload);
  outcome.status = EditStatus::applied;
  outcome.commit = "c0ffee";
  outcome.applied_at = iso8601(at);
  return outcome;
}

json::object only(const std::string& key, const std::string& value) {
  json::object payload;
  payload[key] = value;
  return payload;
}

Session session_with(const std::string& id, std::vector<EditOutcome> outcomes) {
  Session session;
  session.id = id;
  session.outcomes = std::move(outcomes);
  return session;
}

/** Traces of one agent and kind, one an hour. */
class Store : public FakeTraces {
 public:
  Store& rate(int count, double score, double from, const std::string& agent = "simple",
              const std::string& query = "what is 3 + 4?") {
    for (int i = 0; i < count; ++i) {
      Trace& trace = add(query, score);
      trace.agent = agent;
      trace.started_at = from + i * kHour;
    }
    return *this;
  }
  Store& by_judge() {
    for (Trace& trace : traces) trace.metadata = only(kFeedbackSource, kRatedByJudge);
    return *this;
  }
};

constexpr double kBefore = kApplied - 500 * kHour;
constexpr double kAfter = kApplied + kHour;

Store fallen() {
  return Store().rate(100, 1, kBefore).rate(40, 0, kAfter);
}

std::vector<WatchFinding> watched(const std::vector<Session>& sessions, const TraceReader& traces,
                                  const std::map<std::string, double>& reverted = {},
                                  double now = kNow) {
  const auto findings = watch_edits(sessions, reverted, traces, now);
  REQUIRE(findings);
  return *findings;
}

std::vector<std::string> edit_ids(const WatchFinding& finding) {
  std::vector<std::string> ids;
  for (const WatchedEdit& edit : finding.edits) ids.push_back(edit.edit_id);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("watch: without applied edits there is nothing to watch") {
  CHECK(watched({}, fallen()).empty());
  EditOutcome rejected = applied("e", kApplied);
  rejected.status = EditStatus::rejected_by_gate;
  EditOutcome foreign = applied("e", kApplied);
  foreign.commit = "";
  CHECK(watched({session_with("s", {rejected}), session_with("t", {foreign})}, fallen()).empty());
}

TEST_CASE("watch: no feedback before, none after, and that of other agents name nobody") {
  const std::vector<Session> sessions{session_with("s", {applied("e", kApplied)})};
  const std::vector<Session> of_simple{
      session_with("s", {applied("e", kApplied, only("agent", "simple"))})};
  for (const auto& finding :
       {watched(sessions, Store())[0], watched(sessions, Store().rate(100, 0, kAfter))[0],
        watched(sessions, Store().rate(100, 1, kBefore))[0],
        watched(of_simple, Store().rate(100, 1, kBefore, "coder").rate(100, 0, kAfter, "coder"))[0],
        watched(sessions,
                Store().rate(100, 1, kBefore, "simple").rate(100, 0, kAfter, "coder"))[0]}) {
    CHECK(!finding.is_new());
    CHECK(finding.feedback.traces == 0);
    CHECK(edit_ids(finding) == Ids{"e"});
  }
}

TEST_CASE("watch: an edit that was taken back is not watched any more") {
  EditOutcome taken_back = applied("e", kApplied);
  taken_back.status = EditStatus::rolled_back;
  CHECK(watched({session_with("s", {taken_back})}, fallen()).empty());
}

TEST_CASE("watch: an edit whose time cannot be read is not watched") {
  for (const char* time : {"", "yesterday", "2026-06-01", "9999999999"}) {
    EditOutcome outcome = applied("e", kApplied);
    outcome.applied_at = time;
    CHECK(watched({session_with("s", {outcome})}, fallen()).empty());
  }
}

TEST_CASE("watch: a clock that was set back says nothing until it has caught up") {
  const std::vector<Session> sessions{session_with("s", {applied("e", kApplied)})};
  const auto early = watched(sessions, fallen(), {}, kApplied - kHour);
  REQUIRE(early.size() == 1);
  CHECK(!early[0].is_new());
  CHECK(early[0].feedback.traces == 0);
  CHECK(!watched(sessions, fallen(), {}, kAfter + 10 * kHour)[0].is_new());
  CHECK(watched(sessions, fallen())[0].is_new());
}

TEST_CASE("watch: ratings of the judge and numbers that are no ratings do not count") {
  const std::vector<Session> sessions{session_with("s", {applied("e", kApplied)})};
  CHECK(!watched(sessions, fallen().by_judge())[0].is_new());
  const Store odd = Store().rate(100, 7, kBefore).rate(100, 0, kAfter);
  CHECK(watched(sessions, odd)[0].feedback.rated_before == 0);
}

TEST_CASE("watch: a person's ratings are found behind many of the judge's") {
  Store store = Store().rate(2000, 1, kAfter - 0.5).by_judge();
  store.rate(100, 1, kBefore).rate(40, 0, kAfter + 1500 * kHour);
  const auto finding =
      watched({session_with("s", {applied("e", kApplied)})}, store, {}, kNow + 2000 * kHour)[0];
  CHECK(finding.feedback.rated_after == 40);
  CHECK(finding.is_new());
}

TEST_CASE("watch: a fall after an edit is named, once") {
  std::vector<Session> sessions{session_with("s", {applied("e", kApplied)})};
  const auto findings = watched(sessions, fallen());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_new());
  CHECK(fall_text(findings[0].feedback) == "feedback fell from 1.00 to 0.00 on 40 traces");
  sessions[0].outcomes[0].harm = "feedback fell";
  CHECK(watched(sessions, fallen())[0].is_new());
  sessions[0].notices = {"e: feedback fell since; see 'jarvis learning show s'"};
  const auto again = watched(sessions, fallen());
  REQUIRE(again.size() == 1);
  CHECK(!again[0].is_new());
  CHECK(again[0].harm == "feedback fell");
  CHECK(again[0].feedback.is_credible);
}

TEST_CASE("watch: an edit for one agent or class is judged by the traces of these alone") {
  const auto mixed = [](const std::string& agent, const std::string& query) {
    return fallen().rate(300, 1, kBefore, agent, query).rate(300, 1, kAfter, agent, query);
  };
  const auto finding = [&](json::object payload, const Store& store) {
    return watched({session_with("s", {applied("e", kApplied, std::move(payload))})}, store)[0];
  };
  CHECK(finding(only("agent", "simple"), mixed("coder", "hello")).is_new());
  CHECK(finding(only("agent", "simple"), mixed("coder", "hello")).feedback.rated_after == 40);
  CHECK(!finding(only("agent", "coder"), mixed("coder", "hello")).is_new());
  CHECK(finding(only("query_class", "math"), mixed("simple", "hello")).feedback.rated_after == 40);
  CHECK(!finding(only("query_class", "short"), mixed("simple", "hello")).is_new());
}

TEST_CASE("watch: edits with few ratings between them are judged together, newest first") {
  Store store =
      Store().rate(100, 1, kBefore).rate(19, 0, kApplied + 1).rate(40, 0, kApplied + 100 * kHour);
  const std::vector<Session> sessions{
      session_with("new", {applied("third", kApplied + 50 * kHour)}),
      session_with("old", {applied("first", kApplied), applied("second", kApplied)})};
  const auto findings = watched(sessions, store);
  REQUIRE(findings.size() == 1);
  CHECK(edit_ids(findings[0]) == Ids{"third", "second", "first"});
  CHECK(findings[0].edits[0].session_id == "new");
  CHECK(findings[0].feedback.rated_before == 100);
  CHECK(findings[0].feedback.rated_after == 40);
  CHECK(findings[0].is_new());

  store.rate(1, 0, kApplied + 30 * kHour);
  const auto apart = watched(sessions, store);
  REQUIRE(apart.size() == 1);
  CHECK(edit_ids(apart[0]) == Ids{"third"});
  CHECK(apart[0].feedback.rated_before == 20);
  CHECK(!apart[0].is_new());
}

TEST_CASE("watch: what was named before is not judged together with what came after it") {
  EditOutcome named = applied("named", kApplied);
  named.harm = "feedback fell";
  const Store store = fallen().rate(40, 0, kApplied + 200 * kHour);
  Session session = session_with("s", {named, applied("later", kApplied + 100 * kHour)});
  session.notices = {"named: feedback fell since"};
  const auto findings = watched({session}, store);
  REQUIRE(findings.size() == 2);
  CHECK(edit_ids(findings[0]) == Ids{"later"});
  CHECK(findings[0].feedback.rated_before == 40);
  CHECK(!findings[0].is_new());
  CHECK(edit_ids(findings[1]) == Ids{"named"});
  CHECK(!findings[1].is_new());
}

TEST_CASE("watch: a fall after something else was taken back is not the edit's") {
  EditOutcome good = applied("good", kBefore - kHour);
  good.status = EditStatus::rolled_back;
  good.revert_commit = "abcdef";
  const std::vector<Session> sessions{session_with("s", {applied("e", kApplied), good})};
  CHECK(revert_commits(sessions) == Ids{"abcdef"});
  CHECK(!watched(sessions, fallen(), {{"abcdef", kApplied + 1}})[0].is_new());
  CHECK(watched(sessions, fallen(), {{"abcdef", kBefore - 1}})[0].is_new());
  CHECK(watched(sessions, fallen())[0].is_new());
}

TEST_CASE("watch: traces that began between two edits of a group count on neither side") {
  const Store store = fallen().rate(10, 0.5, kApplied - 9.5 * kHour);
  const auto finding = watched(
      {session_with("s", {applied("a", kApplied - 10 * kHour), applied("b", kApplied)})}, store)[0];
  CHECK(edit_ids(finding) == Ids{"b", "a"});
  CHECK(finding.feedback.rated_before == 100);
  CHECK(finding.feedback.rated_after == 40);
}

TEST_CASE("watch: a store that cannot be read is an error") {
  class Broken : public FakeTraces {
    Result<std::vector<Trace>> list(const TraceFilter&) const override {
      return Error{ErrorKind::io, "broken", ""};
    }
  };
  CHECK(!watch_edits({session_with("s", {applied("e", kApplied)})}, {}, Broken(), kNow));
  CHECK(watch_edits({}, {}, Broken(), kNow));
}
