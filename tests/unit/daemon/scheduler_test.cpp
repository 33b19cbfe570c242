#include "core/daemon/scheduler.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "core/daemon/clock_watch.hpp"
#include "core/daemon/local_time.hpp"
#include "core/ports/clock.hpp"
#include "tests/unit/daemon/daylight_weeks.hpp"
#include "tests/unit/daemon/time_zone.hpp"

using namespace jarvis;
using jarvis::testing::TimeZone;
using Kind = FiringOutcome::Kind;

namespace {

constexpr double kMinute = 60, kHour = 3600, kDay = 86400;
const double kNoon = time_of_iso8601("2026-06-01T12:00:00Z");
const std::string kLocked = "database is locked";

TriggerRules rules_for(const std::string& cron = "0 3 * * *") {
  TriggerRules rules;
  rules.min_traces = 20;
  rules.triggers = {true, cron, 20, true, 60, 5, 0.3};
  rules.cron = *CronSchedule::parse(cron);
  rules.auto_refresh = true;
  return rules;
}

TriggerRules scheduled_only(const std::string& cron = "0 3 * * *") {
  TriggerRules rules = rules_for(cron);
  rules.triggers.cluster_enabled = false;
  return rules;
}

TriggerRules cluster_only() {
  TriggerRules rules = rules_for();
  rules.triggers.scheduled_enabled = false;
  rules.cron.reset();
  return rules;
}

Facts enough() {
  Facts facts;
  facts.traces = facts.new_traces = 100;
  return facts;
}

FailureCluster cluster(std::size_t size, const std::string& prefix) {
  FailureCluster made{"short: kettle", "short", {}};
  for (std::size_t i = 0; i < size; ++i) made.trace_ids.push_back(prefix + std::to_string(i));
  return made;
}

Facts with_cluster(std::size_t size, const std::string& prefix = "t") {
  Facts facts = enough();
  facts.new_traces = 0;
  facts.new_failures = static_cast<std::int64_t>(size);
  facts.clusters = {cluster(size, prefix)};
  facts.failure_rates = {0.5};
  return facts;
}

FiringOutcome outcome(Kind kind, ErrorKind error = ErrorKind::internal) {
  FiringOutcome made;
  made.kind = kind;
  if (kind != Kind::done) made.error = {error, "it went wrong", ""};
  if (kind == Kind::done || kind == Kind::failed) made.session_id = "session-1";
  return made;
}

struct Fired {
  double time = 0;
  Firing firing;
};

/** A daemon on a fake clock: from `now` to `end`, where each session takes `length` seconds. */
class Play {
 public:
  Play(TriggerRules rules, double now, DaemonState state = {})
      : scheduler(std::move(rules), std::move(state), now), now_(now) {}

  std::vector<Fired> until(double end, const Facts& facts, const FiringOutcome& result,
                           double length = 0) {
    std::vector<Fired> fired;
    for (;;) {
      const auto next = scheduler.next_look();
      if (!next || *next > end) break;
      now_ = std::max(now_, *next);
      ++looks;
      REQUIRE(looks < 100000);
      const auto firing = scheduler.decide(facts, now_);
      if (!firing) continue;
      fired.push_back({now_, *firing});
      now_ += length;
      scheduler.ended(*firing, result, now_);
    }
    now_ = std::max(now_, end);
    return fired;
  }

  Scheduler scheduler;
  int looks = 0;

 private:
  double now_;
};

std::vector<std::string> times_of(const std::vector<Fired>& fired) {
  std::vector<std::string> times;
  for (const Fired& one : fired) times.push_back(iso8601(one.time));
  return times;
}

}  // namespace

TEST_CASE("scheduler: below min_traces nothing is done, and the reason is told") {
  const TimeZone zone("UTC");
  Facts few = with_cluster(9);
  few.traces = 19;
  few.interrupted = "session-1";
  Play play(rules_for(), kNoon);
  CHECK(play.until(kNoon + 10 * kDay, few, outcome(Kind::done)).empty());
  const Explanation explanation = play.scheduler.explain(few, kNoon);
  CHECK(explanation.scheduled == "Not enough traces yet: 19 of 20");
  CHECK(explanation.cluster == "Not enough traces yet: 19 of 20");
  CHECK(explanation.waits_for == "Not enough traces yet: 19 of 20");
}

TEST_CASE("scheduler: a home whose learning is switched off is not even looked at") {
  const TimeZone zone("UTC");
  TriggerRules rules = rules_for();
  rules.enabled = false;
  Play play(rules, kNoon);
  CHECK(!play.scheduler.next_look().has_value());
  CHECK(!play.scheduler.decide(enough(), kNoon).has_value());
  CHECK(play.scheduler.explain(enough(), kNoon).waits_for.find("enabled is false") !=
        std::string::npos);
}

TEST_CASE("scheduler: a trigger that is switched off does nothing") {
  const TimeZone zone("UTC");
  CHECK(Play(cluster_only(), kNoon).until(kNoon + 3 * kDay, enough(), outcome(Kind::done)).empty());
  CHECK(Play(scheduled_only(), kNoon)
            .until(kNoon + kHour, with_cluster(50), outcome(Kind::done))
            .empty());
  TriggerRules neither = cluster_only();
  neither.triggers.cluster_enabled = false;
  Play play(neither, kNoon);
  CHECK(!play.until(kNoon + kDay, enough(), outcome(Kind::done)).size());
  CHECK(play.scheduler.explain(enough(), kNoon).waits_for ==
        "nothing: both triggers are switched off");
}

TEST_CASE("scheduler: too few new traces let a scheduled run pass, until there are enough") {
  const TimeZone zone("UTC");
  Facts few = enough();
  few.new_traces = 19;
  Play play(scheduled_only(), kNoon);
  CHECK(play.until(kNoon + 2 * kDay, few, outcome(Kind::done)).empty());
  CHECK(play.scheduler.explain(few, kNoon).scheduled.find("19 new traces of the 20") == 0);
  const auto fired = play.until(kNoon + 3 * kDay, enough(), outcome(Kind::done));
  CHECK(times_of(fired) == std::vector<std::string>{"2026-06-04T03:00:00Z"});
}

TEST_CASE("scheduler: a run that another session keeps out is tried each minute") {
  const TimeZone zone("UTC");
  Play play(scheduled_only(), kNoon);
  const auto fired = play.until(kNoon + 15 * kHour + 10 * kMinute, enough(),
                                outcome(Kind::not_started, ErrorKind::locked));
  CHECK(fired.size() == 11);
  const auto done = play.until(kNoon + kDay, enough(), outcome(Kind::done));
  CHECK(times_of(done) == std::vector<std::string>{"2026-06-02T03:11:00Z"});
}

TEST_CASE("scheduler: what cannot be started is tried again, ever less often") {
  const TimeZone zone("UTC");
  Play play(scheduled_only(), kNoon);
  const auto fired = play.until(kNoon + 15 * kHour + kDay, enough(),
                                outcome(Kind::not_started, ErrorKind::unavailable));
  REQUIRE(fired.size() > 5);
  CHECK(fired[1].time - fired[0].time == kMinute);
  CHECK(fired[2].time - fired[1].time == 2 * kMinute);
  CHECK(fired[3].time - fired[2].time == 4 * kMinute);
  CHECK(fired.back().time - fired[fired.size() - 2].time == kHour);
  CHECK(fired.size() < 40);
}

TEST_CASE("scheduler: failing sessions of a schedule of every minute cost little") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("* * * * *"), kNoon);
  const auto fired = play.until(kNoon + 30 * kDay, enough(), outcome(Kind::failed));
  REQUIRE(fired.size() > 5);
  CHECK(fired[1].time - fired[0].time >= 15 * kMinute);
  CHECK(fired.back().time - fired[fired.size() - 2].time >= kDay);
  CHECK(fired.size() < 40);
  const auto after = play.until(kNoon + 32 * kDay, enough(), outcome(Kind::done), kMinute);
  REQUIRE(after.size() > 100);
  CHECK(after[2].time - after[1].time <= 2 * kMinute);
}

TEST_CASE("scheduler: a failed session of a nightly schedule waits for the next night") {
  const TimeZone zone("UTC");
  Play play(scheduled_only(), kNoon);
  const auto fired = play.until(kNoon + 2 * kDay, enough(), outcome(Kind::failed), kHour);
  CHECK(times_of(fired) ==
        std::vector<std::string>{"2026-06-02T03:00:00Z", "2026-06-03T03:00:00Z"});
}

TEST_CASE("scheduler: a home that cannot be looked at is no hot loop") {
  const TimeZone zone("UTC");
  Scheduler scheduler(rules_for(), {}, kNoon);
  int looks = 0;
  for (double now = kNoon; now < kNoon + kDay; ++looks) {
    scheduler.could_not_look(kLocked, now);
    now = std::max(now, *scheduler.next_look());
  }
  CHECK(looks < 40);
}

TEST_CASE("scheduler: looks that failed now and then make no pause after a failed session longer") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("0 * * * *"), kNoon + 1);
  double now = kNoon + 1;
  for (int i = 0; i < 20; ++i) {
    play.scheduler.could_not_look(kLocked, now);
    CHECK(play.scheduler.state().hold_until == now + kMinute);
    now += kHour;
    REQUIRE(play.until(now, Facts(), outcome(Kind::done)).empty());
  }
  const auto fired = play.until(now + kHour, enough(), outcome(Kind::failed));
  REQUIRE(fired.size() == 1);
  CHECK(play.scheduler.state().hold_until == fired[0].time + 15 * kMinute);
}

TEST_CASE("scheduler: a good look between failed sessions lets their pause grow on") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("* * * * *"), kNoon);
  const auto fired = play.until(kNoon + kHour, enough(), outcome(Kind::failed));
  REQUIRE(fired.size() == 3);
  play.scheduler.could_not_look(kLocked, kNoon + 2 * kHour);
  CHECK(play.scheduler.state().hold_until == kNoon + 2 * kHour + kMinute);
  const auto next = play.until(kNoon + 2 * kHour + 2 * kMinute, enough(), outcome(Kind::failed));
  REQUIRE(next.size() == 1);
  CHECK(play.scheduler.state().hold_until == next[0].time + 2 * kHour);
}

TEST_CASE(
    "scheduler: a look that failed is told until one succeeds, and is no fault of a session") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("0 * * * *"), kNoon + 1);
  REQUIRE(play.until(kNoon + kHour, enough(), outcome(Kind::done)).size() == 1);
  const double now = kNoon + 2 * kHour;
  play.scheduler.could_not_look(kLocked, now);
  CHECK(play.scheduler.state().look_error == kLocked);
  CHECK(play.scheduler.state().last.kind == Kind::done);
  CHECK(play.scheduler.state().last.error.message.empty());
  CHECK(play.scheduler.explain(enough(), now).waits_for ==
        "a pause until " + local_text(now + kMinute) + ", after: " + kLocked);
  REQUIRE(play.until(now + kMinute, Facts(), outcome(Kind::done)).empty());
  CHECK(play.scheduler.state().look_error.empty());
}

TEST_CASE("scheduler: a pause after a session tells the session's fault") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("0 * * * *"), kNoon + 1);
  play.scheduler.could_not_look(kLocked, kNoon + 1);
  REQUIRE(play.until(kNoon + kHour, enough(), outcome(Kind::failed)).size() == 1);
  CHECK(play.scheduler.explain(enough(), kNoon + kHour).waits_for.find("after: it went wrong") !=
        std::string::npos);
}

TEST_CASE("scheduler: a new daemon misses nothing of the time before it") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("* * * * *"), kNoon + 30);
  const auto fired = play.until(kNoon + 100, enough(), outcome(Kind::done));
  CHECK(times_of(fired) == std::vector<std::string>{"2026-06-01T12:01:00Z"});
}

TEST_CASE("fault: suspend: runs that were missed are made good for once") {
  const TimeZone zone("UTC");
  DaemonState state;
  state.served_until = kNoon - 5 * kDay;
  Play play(scheduled_only(), kNoon, state);
  const auto fired = play.until(kNoon + kDay, enough(), outcome(Kind::done));
  CHECK(times_of(fired) ==
        std::vector<std::string>{"2026-06-01T12:00:00Z", "2026-06-02T03:00:00Z"});
  CHECK(fired[0].firing.trigger.metadata.at("missed_run_of") == "2026-05-28T03:00:00Z");
  CHECK(!fired[1].firing.trigger.metadata.contains("missed_run_of"));
}

TEST_CASE("scheduler: a session that is longer than its schedule is followed by the next time") {
  const TimeZone zone("UTC");
  Play play(scheduled_only("*/10 * * * *"), kNoon);
  const auto fired = play.until(kNoon + kHour, enough(), outcome(Kind::done), 25 * kMinute);
  CHECK(times_of(fired) ==
        std::vector<std::string>{"2026-06-01T12:10:00Z", "2026-06-01T12:40:00Z"});
}

TEST_CASE("fault: clock jumps: one that was far ahead stops nothing once it is right") {
  const TimeZone zone("UTC");
  DaemonState state;
  state.served_until = state.checked_at = state.hold_until = kNoon + 3650 * kDay;
  Scheduler scheduler(rules_for(), state, kNoon);
  REQUIRE(scheduler.next_look().has_value());
  CHECK(*scheduler.next_look() <= kNoon + kHour);
  CHECK(scheduler.state().served_until == kNoon);
}

TEST_CASE("fault: clock jumps: one set back by seconds runs nothing twice") {
  const TimeZone zone("UTC");
  Play play(scheduled_only(), kNoon);
  REQUIRE(play.until(kNoon + 15 * kHour, enough(), outcome(Kind::done)).size() == 1);
  play.scheduler.clock_was_set(kNoon + 15 * kHour - 30);
  CHECK(*play.scheduler.next_look() == kNoon + 39 * kHour);
}

TEST_CASE("scheduler: a group of failures fires once, with its traces") {
  const TimeZone zone("UTC");
  Play play(cluster_only(), kNoon);
  CHECK(play.until(kNoon + kDay, with_cluster(4), outcome(Kind::done)).empty());
  CHECK(play.scheduler.explain(with_cluster(4), kNoon).cluster.find("4 new failures, 4 of them") ==
        0);
  const auto fired = play.until(kNoon + kDay + kHour, with_cluster(5), outcome(Kind::done));
  REQUIRE(fired.size() == 1);
  const Trigger& trigger = fired[0].firing.trigger;
  CHECK(trigger.kind == "cluster");
  CHECK(trigger.trace_ids == std::vector<std::string>{"t0", "t1", "t2", "t3", "t4"});
  CHECK(trigger.metadata.at("cluster_description") == "short: kettle");
  CHECK(trigger.metadata.at("trace_ids").as_array().size() == 5);
  CHECK(trigger.metadata.at("failure_rate") == 0.5);
  CHECK(play.scheduler.state().fired.size() == 5);
}

TEST_CASE("scheduler: a fall of feedback is dealt with before a group of failures") {
  TriggerRules rules = cluster_only();
  rules.watch_enabled = true;
  Facts fallen = with_cluster(9);
  WatchFinding finding;
  finding.feedback.is_credible = true;
  fallen.watched = {finding};
  Play play(rules, kNoon);
  const auto fired = play.until(kNoon + kMinute, fallen, outcome(Kind::done));
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].firing.name() == "watch");
  CHECK(play.scheduler.state().fired.empty());
  fallen.watched[0].harm = "feedback fell";
  fallen.watched[0].told = true;
  const auto next = play.until(kNoon + 61 * kMinute, fallen, outcome(Kind::done));
  REQUIRE(next.size() == 1);
  CHECK(next[0].firing.name() == "cluster");
}

TEST_CASE("scheduler: without triggers the watch alone looks, and starts no session") {
  TriggerRules rules = cluster_only();
  rules.triggers.cluster_enabled = false;
  rules.watch_enabled = true;
  Play play(rules, kNoon);
  CHECK(play.until(kNoon + kDay, with_cluster(9), outcome(Kind::done)).empty());
  CHECK(play.looks == 25);
  CHECK(!play.scheduler.explain(with_cluster(9), kNoon).next_check);
}

TEST_CASE("scheduler: a watch that is kept out tries again each minute") {
  TriggerRules rules = cluster_only();
  rules.watch_enabled = true;
  Facts fallen = enough();
  fallen.watched.resize(1);
  fallen.watched[0].feedback.is_credible = true;
  Play play(rules, kNoon);
  const auto fired =
      play.until(kNoon + 10 * kMinute, fallen, outcome(Kind::not_started, ErrorKind::locked));
  CHECK(fired.size() == 11);
}

TEST_CASE("scheduler: failures are looked at once in an interval") {
  const TimeZone zone("UTC");
  Play play(cluster_only(), kNoon);
  CHECK(play.until(kNoon + kDay, with_cluster(2), outcome(Kind::done)).empty());
  CHECK(play.looks <= 26);
}

TEST_CASE("scheduler: a group whose session could not start fires when it can") {
  const TimeZone zone("UTC");
  Play play(cluster_only(), kNoon);
  const auto kept_out =
      play.until(kNoon + 1, with_cluster(5), outcome(Kind::not_started, ErrorKind::locked));
  CHECK(kept_out.size() == 1);
  CHECK(play.scheduler.state().fired.empty());
  const auto fired = play.until(kNoon + 2 * kMinute, with_cluster(5), outcome(Kind::done));
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].time == kNoon + kMinute);
}

TEST_CASE("scheduler: a group whose session failed has had its chance") {
  const TimeZone zone("UTC");
  Play play(cluster_only(), kNoon);
  CHECK(play.until(kNoon + 1, with_cluster(5), outcome(Kind::failed)).size() == 1);
  CHECK(play.scheduler.state().fired.size() == 5);
}

TEST_CASE("scheduler: an interrupted session is gone on with first, a few times at most") {
  const TimeZone zone("UTC");
  Facts facts = enough();
  facts.interrupted = "session-1";
  Play play(scheduled_only(), kNoon);
  const auto fired = play.until(kNoon + 5 * kDay, facts, outcome(Kind::failed));
  int resumed = 0;
  for (const Fired& one : fired) resumed += one.firing.resume == "session-1" ? 1 : 0;
  CHECK(resumed == 3);
  CHECK(fired.front().firing.name() == "resume");
  Play again(scheduled_only(), kNoon + 6 * kDay, play.scheduler.state());
  for (const Fired& one : again.until(kNoon + 8 * kDay, facts, outcome(Kind::done)))
    CHECK(one.firing.resume.empty());
}

TEST_CASE("scheduler: an interrupted session that comes to its end is done with") {
  const TimeZone zone("UTC");
  Facts facts = enough();
  facts.interrupted = "session-1";
  Play play(scheduled_only(), kNoon);
  CHECK(play.until(kNoon + kHour, facts, outcome(Kind::done)).size() == 1);
}

TEST_CASE("scheduler: a session whose process broke down is looked for again") {
  const TimeZone zone("UTC");
  Play play(scheduled_only(), kNoon);
  FiringOutcome broken = outcome(Kind::failed);
  broken.session_id.clear();
  CHECK(play.until(kNoon + 15 * kHour, enough(), broken).size() == 1);
  Facts facts = enough();
  facts.interrupted = "session-1";
  const auto fired = play.until(kNoon + 16 * kHour, facts, outcome(Kind::done));
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].firing.resume == "session-1");
}

TEST_CASE("scheduler: reading the configuration again ends a pause") {
  const TimeZone zone("UTC");
  Play play(scheduled_only(), kNoon);
  play.until(kNoon + 15 * kHour + kMinute, enough(),
             outcome(Kind::not_started, ErrorKind::configuration));
  const double now = kNoon + 15 * kHour + 70;
  CHECK(*play.scheduler.next_look() > now);
  CHECK(play.scheduler.explain(enough(), now).waits_for.find("a pause until") == 0);
  play.scheduler.reload(scheduled_only(), now);
  CHECK(*play.scheduler.next_look() <= now);
}

TEST_CASE("scheduler: ten newly rated traces refresh the benchmark first") {
  const TimeZone zone("UTC");
  const auto refreshes = [](std::int64_t rated, bool wanted, const std::string& benchmark) {
    TriggerRules rules = scheduled_only();
    rules.auto_refresh = wanted;
    Facts facts = enough();
    facts.benchmark = benchmark;
    facts.rated_before_benchmark = 50;
    facts.rated = rated;
    Play play(rules, kNoon);
    const auto fired = play.until(kNoon + 2 * kDay, facts, outcome(Kind::done));
    REQUIRE(fired.size() == 2);
    // A refresh that found nothing new is not tried again for the same ratings.
    CHECK(!fired[1].firing.refresh_first);
    return fired[0].firing.refresh_first;
  };
  CHECK(!refreshes(59, true, "personal_v1"));
  CHECK(refreshes(60, true, "personal_v1"));
  CHECK(!refreshes(60, false, "personal_v1"));
  CHECK(!refreshes(60, true, ""));
}

TEST_CASE("fault: DST: around each change of clocks the scheduler runs as the table says") {
  for (const auto& week : jarvis::testing::daylight_weeks()) {
    CAPTURE(week.zone);
    CAPTURE(week.cron);
    const TimeZone zone(week.zone);
    Play play(scheduled_only(week.cron), time_of_iso8601(week.begin) - 1);
    const auto fired =
        play.until(time_of_iso8601(week.end) - 1, enough(), outcome(Kind::done), 5 * kMinute);
    CHECK(times_of(fired) == week.runs);
  }
}

TEST_CASE("fault: clock jumps: a clock that was set is noticed, one that is kept right is not") {
  ClockWatch watch(1000, 10);
  CHECK(!watch.look(1060, 70).has_value());
  CHECK(!watch.look(1120.5, 130).has_value());
  CHECK(*watch.look(4780, 190) == doctest::Approx(3599.5));
  CHECK(!watch.look(4840, 250).has_value());
  CHECK(*watch.look(1240, 310) == doctest::Approx(-3660));
}
