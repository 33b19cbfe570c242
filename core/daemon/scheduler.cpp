#include "core/daemon/scheduler.hpp"

#include <algorithm>
#include <cmath>

#include "core/daemon/local_time.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

namespace {

constexpr double kMinute = 60;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

constexpr double kLockedHold = kMinute;  ///< another session ends when it ends
constexpr double kFirstHold = kMinute;   ///< nothing was paid
constexpr double kLongestHold = kHour;
constexpr double kFirstFailureHold = 15 * kMinute;  ///< a failed session may have cost money
constexpr double kLongestFailureHold = kDay;
constexpr int kResumeAttempts = 3;
constexpr double kLate = 2 * kMinute;
constexpr std::size_t kMostFired = 100000;

std::string counted(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

Scheduler::Scheduler(TriggerRules rules, DaemonState state, double now)
    : rules_(std::move(rules)), state_(std::move(state)) {
  // What would have run before there was a daemon is nobody's loss.
  if (state_.served_until <= 0) state_.served_until = now;
  clock_was_set(now);
}

std::optional<double> Scheduler::next_run() const {
  if (!rules_.enabled || !rules_.cron) return std::nullopt;
  const auto next =
      rules_.cron->next_after(static_cast<std::int64_t>(std::floor(state_.served_until)));
  if (!next) return std::nullopt;
  return static_cast<double>(*next);
}

std::optional<double> Scheduler::next_check() const {
  if (!rules_.enabled || !(rules_.triggers.cluster_enabled || rules_.watch_enabled))
    return std::nullopt;
  if (state_.checked_at <= 0) return 0;
  return state_.checked_at + rules_.triggers.cluster_check_interval_minutes * kMinute;
}

std::optional<double> Scheduler::next_cluster_check() const {
  return rules_.triggers.cluster_enabled ? next_check() : std::nullopt;
}

std::optional<double> Scheduler::next_look() const {
  std::optional<double> next;
  const auto consider = [&](std::optional<double> time) {
    if (time && (!next || *time < *next)) next = time;
  };
  if (rules_.enabled && resume_due_) consider(0);
  consider(next_run());
  consider(next_check());
  if (next) next = std::max(*next, state_.hold_until);
  return next;
}

std::optional<Firing> Scheduler::decide(const Facts& facts, double now) {
  ++state_.checks;
  state_.look_setbacks = 0;
  state_.look_error.clear();
  if (now < state_.hold_until || !rules_.enabled) return std::nullopt;
  if (resume_due_) {
    const bool in_vain =
        facts.interrupted == state_.resumed_session && state_.resume_attempts >= kResumeAttempts;
    if (!facts.interrupted.empty() && !in_vain && too_early(facts).empty()) {
      Firing firing;
      firing.resume = facts.interrupted;
      firing.decided_at = now;
      return firing;
    }
    resume_due_ = false;
  }
  const auto run = next_run();
  const auto check = next_check();
  if (run && *run <= now) {
    if (scheduled_reason(facts).empty()) return scheduled_firing(facts, now);
    state_.served_until = now;
  }
  if (!check || *check > now) return std::nullopt;
  state_.checked_at = now;
  if (std::any_of(facts.watched.begin(), facts.watched.end(),
                  [](const WatchFinding& finding) { return finding.is_new(); })) {
    Firing firing;
    firing.trigger.kind = "watch";
    firing.decided_at = now;
    return firing;
  }
  if (!cluster_reason(facts).empty()) return std::nullopt;
  return cluster_firing(facts, now);
}

Firing Scheduler::scheduled_firing(const Facts& facts, double now) {
  Firing firing;
  firing.trigger.kind = "scheduled";
  firing.trigger.metadata = {{"cron", rules_.triggers.scheduled_cron},
                             {"new_trace_count", facts.new_traces}};
  const double slot = next_run().value_or(now);
  if (now - slot > kLate) firing.trigger.metadata["missed_run_of"] = iso8601(slot);
  firing.refresh_first =
      rules_.auto_refresh && !facts.benchmark.empty() && newly_rated(facts) >= kRefreshFrom;
  firing.rated = facts.rated;
  firing.decided_at = now;
  return firing;
}

std::int64_t Scheduler::newly_rated(const Facts& facts) {
  if (state_.rated_benchmark != facts.benchmark) {
    state_.rated_benchmark = facts.benchmark;
    state_.rated = facts.rated_before_benchmark;
  }
  return facts.rated - state_.rated;
}

const FailureCluster* Scheduler::due_cluster(const Facts& facts) const {
  const auto least = static_cast<std::size_t>(std::max(rules_.triggers.cluster_min_size, 1));
  if (facts.clusters.empty() || facts.clusters.front().trace_ids.size() < least) return nullptr;
  return &facts.clusters.front();
}

Firing Scheduler::cluster_firing(const Facts& facts, double now) const {
  const FailureCluster& cluster = *due_cluster(facts);
  Firing firing;
  firing.trigger.kind = "cluster";
  firing.trigger.trace_ids = cluster.trace_ids;
  firing.trigger.metadata = {
      {"cluster_description", cluster.description},
      {"trace_ids", json::value_from(cluster.trace_ids)},
      {"failure_rate", facts.failure_rates.empty() ? 1.0 : facts.failure_rates.front()}};
  firing.rated = facts.rated;
  firing.decided_at = now;
  return firing;
}

void Scheduler::hold(int& setbacks, double now, double first, double most) {
  setbacks = std::min(setbacks, 29) + 1;
  state_.hold_until = now + std::min(most, first * std::pow(2.0, setbacks - 1));
}

void Scheduler::ended(const Firing& firing, const FiringOutcome& outcome, double now) {
  using Kind = FiringOutcome::Kind;
  state_.last = outcome;
  if (outcome.kind == Kind::stopped) return;
  const bool resumes = !firing.resume.empty();
  if (outcome.kind == Kind::not_started) {
    // What was due stays so, and is tried again after the pause.
    if (firing.trigger.kind != "scheduled" && !resumes) state_.checked_at = 0;
    if (outcome.error.kind == ErrorKind::locked)
      state_.hold_until = now + kLockedHold;
    else
      hold(state_.setbacks, now, kFirstHold, kLongestHold);
    return;
  }
  if (outcome.kind == Kind::done) {
    state_.setbacks = 0;
    state_.hold_until = 0;
  } else {
    hold(state_.setbacks, now, kFirstFailureHold, kLongestFailureHold);
    // Its process broke down, and may have left a session that has its plan.
    resume_due_ = outcome.session_id.empty();
  }
  if (resumes) {
    resume_due_ = outcome.kind == Kind::failed;
    state_.resume_attempts =
        state_.resumed_session == firing.resume ? state_.resume_attempts + 1 : 1;
    state_.resumed_session = firing.resume;
    return;
  }
  if (firing.trigger.kind == "scheduled") {
    state_.served_until = now;
    if (firing.refresh_first) state_.rated = firing.rated;
    return;
  }
  // Beyond this many an old one may fire again, which costs one session.
  if (state_.fired.size() > kMostFired) state_.fired.clear();
  state_.fired.insert(firing.trigger.trace_ids.begin(), firing.trigger.trace_ids.end());
}

void Scheduler::could_not_look(const std::string& why, double now) {
  ++state_.checks;
  state_.look_error = why;
  hold(state_.look_setbacks, now, kFirstHold, kLongestHold);
}

const std::string& Scheduler::last_error() const {
  return state_.look_error.empty() ? state_.last.error.message : state_.look_error;
}

void Scheduler::reload(TriggerRules rules, double now) {
  rules_ = std::move(rules);
  state_.hold_until = 0;
  state_.setbacks = 0;
  state_.look_setbacks = 0;
  state_.checked_at = 0;
  clock_was_set(now);
}

void Scheduler::clock_was_set(double now) {
  // A clock that was corrected by a little must not run again what it ran just now.
  if (state_.served_until > now + kHour) state_.served_until = now;
  if (state_.checked_at > now) state_.checked_at = now;
  if (state_.hold_until > now + kLongestFailureHold) state_.hold_until = 0;
}

std::string Scheduler::too_early(const Facts& facts) const {
  if (!rules_.enabled) return "learning is switched off: learning.distillation.enabled is false";
  if (facts.traces < rules_.min_traces)
    return "Not enough traces yet: " + std::to_string(facts.traces) + " of " +
           std::to_string(rules_.min_traces);
  return {};
}

std::string Scheduler::scheduled_reason(const Facts& facts) const {
  if (std::string early = too_early(facts); !early.empty()) return early;
  if (!rules_.cron) return "scheduled_enabled is false";
  if (facts.new_traces < rules_.triggers.scheduled_min_new_traces)
    return counted(facts.new_traces, "new trace") + " of the " +
           std::to_string(rules_.triggers.scheduled_min_new_traces) +
           " that scheduled_min_new_traces asks for";
  return {};
}

std::string Scheduler::cluster_reason(const Facts& facts) const {
  if (std::string early = too_early(facts); !early.empty()) return early;
  if (!rules_.triggers.cluster_enabled) return "cluster_enabled is false";
  if (due_cluster(facts)) return {};
  const std::size_t largest = facts.clusters.empty() ? (facts.new_failures > 0 ? 1 : 0)
                                                     : facts.clusters.front().trace_ids.size();
  return counted(facts.new_failures, "new failure") + ", " + std::to_string(largest) +
         " of them alike; cluster_min_size is " + std::to_string(rules_.triggers.cluster_min_size);
}

Explanation Scheduler::explain(const Facts& facts, double now) const {
  Explanation explanation{
      scheduled_reason(facts), cluster_reason(facts), next_run(), next_cluster_check(), {}};
  for (auto* time : {&explanation.next_run, &explanation.next_check})
    if (*time) *time = std::max({**time, state_.hold_until, now});
  if (!rules_.enabled) {
    explanation.waits_for = explanation.scheduled;
  } else if (state_.hold_until > now) {
    explanation.waits_for = "a pause until " + local_text(state_.hold_until) +
                            (last_error().empty() ? std::string() : ", after: " + last_error());
  } else if (facts.traces < rules_.min_traces) {
    explanation.waits_for = explanation.scheduled;
  } else if (explanation.next_run) {
    explanation.waits_for = "the run of " + local_text(*explanation.next_run);
  } else if (explanation.next_check) {
    explanation.waits_for = "the look at failures of " + local_text(*explanation.next_check);
  } else {
    explanation.waits_for = "nothing: both triggers are switched off";
  }
  return explanation;
}

}  // namespace jarvis
