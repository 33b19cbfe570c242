#pragma once

#include <string>
#include <vector>

#include "core/session/execute/gate/paired.hpp"

namespace jarvis {

/** A cluster that became worse than is allowed. */
struct Fall {
  std::string cluster;
  double delta;  ///< as measured
};

/** The clusters whose mean fell by more than `max_regression`, the deepest fall first. The merged
 *  cluster "other" is counted only with five or more tasks, or when it is the only one. */
std::vector<Fall> falls(const Paired& paired, double max_regression);

/** The same where runs are noisy: those that fell by more than `max_regression` and so many
 * standard errors. The error of a cluster's mean is √(v/n_k), v the variance of the differences
 * about the means of their clusters, at least 0.02. */
std::vector<Fall> falls_beyond_noise(const Paired& paired, double max_regression,
                                     double standard_errors);

/** Fewer candidate runs a task than this cannot tell a fall from noise. */
inline constexpr int kGuardedRuns = 4;
/** A fall by so many standard errors more than is allowed ends the trial at once. */
inline constexpr double kSureFall = 2.0;
/** One by so many goes on to the next look, and ends the trial at the last. */
inline constexpr double kLikelyFall = 0.5;

}  // namespace jarvis
