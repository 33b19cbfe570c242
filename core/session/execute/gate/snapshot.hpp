#pragma once

#include <string>

#include "core/model/score.hpp"

namespace jarvis {

/** What is reported of an arm: weighted means over the tasks that could be measured. `task_count`
 * counts those; a cluster without any is left out. */
BenchmarkSnapshot snapshot_of(const ArmScores& arm, const std::string& benchmark_version);

}  // namespace jarvis
