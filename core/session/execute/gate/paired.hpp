#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/score.hpp"
#include "core/model/verdict.hpp"
#include "core/session/execute/gate/statistics.hpp"

namespace jarvis {

/** The differences of the tasks that have a score in both arms: of all, and of each cluster. */
struct Paired {
  std::vector<Difference> all;
  std::map<std::string, std::vector<Difference>> clusters;
};

/** In the order of the task ids, whatever the order of the arms, so that sums come out the same. */
Paired pair_up(const ArmScores& baseline, const ArmScores& candidate);

/** A verdict, undecided so far, with what was measured: delta, interval, clusters. */
Verdict measured_verdict(const Paired& paired);

}  // namespace jarvis
