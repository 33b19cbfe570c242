#pragma once

#include <optional>
#include <string>

#include "core/daemon/facts.hpp"
#include "core/daemon/rules.hpp"
#include "core/daemon/state.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** From so many newly rated traces on, the benchmark is refreshed before a scheduled session. */
inline constexpr std::int64_t kRefreshFrom = 10;

/** One thing to do now. */
struct Firing {
  std::string resume;          ///< the session to go on with; empty: a new one
  Trigger trigger;             ///< "scheduled", "cluster" or "watch", which is no session
  bool refresh_first = false;  ///< the benchmark
  std::int64_t rated = 0;      ///< traces, when it was decided
  double decided_at = 0;

  std::string name() const { return resume.empty() ? trigger.kind : "resume"; }
};

/** Why each trigger does nothing, and what comes next. */
struct Explanation {
  std::string scheduled;  ///< empty: nothing is in its way
  std::string cluster;
  std::optional<double> next_run;    ///< of the schedule
  std::optional<double> next_check;  ///< of the failures
  std::string waits_for;             ///< one line
};

/** Decides what a daemon does and when, from the rules, what it did so far, the clock and the
 * facts. Does nothing itself and never waits: the same questions get the same answers. */
class Scheduler {
 public:
  Scheduler(TriggerRules rules, DaemonState state, double now);

  /** When to look at the facts next; may be past. Nothing: not before the rules change. */
  std::optional<double> next_look() const;

  /** What to do now, given the facts of this moment. Comes when next_look() is past. */
  std::optional<Firing> decide(const Facts& facts, double now);
  void ended(const Firing& firing, const FiringOutcome& outcome, double now);
  /** The facts could not be had. */
  void could_not_look(const std::string& why, double now);

  /** New rules; what was held back is tried at once. */
  void reload(TriggerRules rules, double now);
  /** The clock was set: times that lie in a future that will not come are forgotten. */
  void clock_was_set(double now);

  Explanation explain(const Facts& facts, double now) const;
  const TriggerRules& rules() const { return rules_; }
  const DaemonState& state() const { return state_; }
  DaemonState& state() { return state_; }

 private:
  std::optional<double> next_run() const;
  std::optional<double> next_check() const;
  std::optional<double> next_cluster_check() const;
  std::string too_early(const Facts& facts) const;
  std::string scheduled_reason(const Facts& facts) const;
  std::string cluster_reason(const Facts& facts) const;
  const FailureCluster* due_cluster(const Facts& facts) const;
  std::int64_t newly_rated(const Facts& facts);
  Firing scheduled_firing(const Facts& facts, double now);
  Firing cluster_firing(const Facts& facts, double now) const;
  /** The last that went wrong; may be empty. */
  const std::string& last_error() const;
  /** One more of `setbacks`: nothing is done for `first` seconds, twice as long for each that was
   * before it, `most` at the longest. */
  void hold(int& setbacks, double now, double first, double most);

  TriggerRules rules_;
  DaemonState state_;
  bool resume_due_ = true;
};

}  // namespace jarvis
