#pragma once

#include <optional>

namespace jarvis {

/** A student that is right in 70 % of runs, two runs of a task correlated by a half:
 *  0.7 · 0.3 · (1 − 0.5). Few are noisier, so what is promised with it is not too much. */
inline constexpr double kCautiousRunVariance = 0.105;

/** What the gate is asked to see. */
struct PowerQuestion {
  int tasks = 50;                              ///< held-out tasks in the sample
  double run_variance = kCautiousRunVariance;  ///< of one run about its task's mean; see runs.hpp
  double alpha = 0.1;                          ///< the share of the error that one edit may spend
  double min_improvement = 0;
};

struct TrialProspect {
  double accepted = 0;        ///< the chance that an edit with this gain is accepted
  double candidate_runs = 0;  ///< expected, all tasks together
};

/** The prospect of an edit that moves the mean by `gain`: the looks of sequential.hpp on means that
 * are as good as normal, by 20,000 seeded sessions. On fifty tasks up to five points above what
 * playing sessions run by run gives. The cluster guard is left out, it seldom stops a gain. With no
 * variance it is the plain rule. */
TrialProspect prospect_of(double gain, const PowerQuestion& question);

struct GatePower {
  std::optional<double> detectable;  ///< the smallest gain that is accepted with 80 %
  double runs_at_detectable = 0;     ///< candidate runs that it takes; 0 when there is no such gain
  double runs_at_nothing = 0;        ///< candidate runs spent on an edit that changes nothing
};

GatePower gate_power(const PowerQuestion& question);

}  // namespace jarvis
