#pragma once

#include "core/model/score.hpp"
#include "core/model/verdict.hpp"

namespace jarvis {

/** An arm in which less than this share could be measured decides nothing. */
inline constexpr double kLeastCoverage = 0.9;

/** `[learning.distillation.gate]`, as far as the decision reads it. */
struct GateRule {
  double min_improvement = 0.0;
  double max_regression = 0.05;
  double noise_confidence = 0.9;  ///< 0: the plain rule always, on one run of each arm
};

/** The plain rule. Accepts when the weighted mean of candidate − baseline, over the tasks scored in
 * both arms, is above `min_improvement` and no cluster (see clusters.hpp) fell by more than
 *  `max_regression`. Undecided when less than nine tenths of the tasks of either arm could be
 * measured. The merged cluster "other" has a veto only with five or more tasks; a smaller one
 * beside others is reported, but one lost task in it would outweigh everything else. Pure: the
 * order of tasks changes nothing. */
Verdict decide(const ArmScores& baseline, const ArmScores& candidate, const GateRule& rule);

}  // namespace jarvis
