#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/session/execute/gate/error_share.hpp"
#include "core/session/execute/gate/sequential.hpp"

namespace jarvis::bench {

/** The score of one more run of task `task`. */
using RunOnce = std::function<double(std::size_t task)>;

/** Fills the runs that the gate wants to see, until it has decided. */
inline Verdict play_trial(std::vector<TaskRuns>& tasks, const GateRule& rule, double alpha,
                          const RunOnce& baseline, const RunOnce& candidate) {
  for (;;) {
    Look look = next_look(tasks, rule, alpha);
    if (look.verdict) return *std::move(look.verdict);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const WantedRuns& wanted = look.wanted[i];
      while (static_cast<int>(tasks[i].baseline.size()) < wanted.baseline)
        tasks[i].baseline.push_back(baseline(i));
      while (static_cast<int>(tasks[i].candidate.size()) < wanted.candidate)
        tasks[i].candidate.push_back(candidate(i));
    }
  }
}

inline int count_attempts(const std::vector<TaskRuns>& tasks, Arm arm) {
  int count = 0;
  for (const TaskRuns& task : tasks) count += static_cast<int>(runs_of(task, arm).size());
  return count;
}

inline bool is_veto(const Verdict& verdict) {
  return verdict.decision == Decision::reject && verdict.reason.rfind("regression", 0) == 0;
}

}  // namespace jarvis::bench
