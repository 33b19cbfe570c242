#pragma once

#include <optional>
#include <vector>

#include "core/model/verdict.hpp"
#include "core/session/execute/gate/rule.hpp"
#include "core/session/execute/gate/runs.hpp"

namespace jarvis {

/** What the gate says to the runs that are there: its verdict, or which runs it wants to see. */
struct Look {
  std::optional<Verdict> verdict;
  std::vector<WantedRuns> wanted;  ///< one for each task, when there is no verdict yet
};

/** The gate's next step for one edit. `alpha` is the share of the session's error that this edit
 * may spend (1 − noise_confidence over the edits that will be tried). Pure: it looks at the runs
 * alone, so that the same runs give the same step in any order of tasks, in any process, after any
 * crash. At first it wants two runs of the present state and one of the candidate; where no noise
 * shows it decides by the plain rule, else at looks of 1, 2, 4 and 8 candidate runs a task. */
Look next_look(const std::vector<TaskRuns>& tasks, const GateRule& rule, double alpha);

}  // namespace jarvis
