#pragma once

#include <string>
#include <vector>

#include "core/model/past_trial.hpp"

namespace jarvis {

/** Why an edit that turns `outcome.base` into `outcome.candidate` is not tried (again), or nothing:
 * the user rejected just this, the gate did with the same version of the benchmark, it waits for
 * review already, or it was harmful, on whatever files and whichever benchmark. What was undecided
 * or could not be paid for may be tried again, and so may everything else once the files that it
 * starts from have changed. */
std::string repetition_of(const EditOutcome& outcome, const std::string& benchmark_version,
                          const std::vector<PastTrial>& past);

}  // namespace jarvis
