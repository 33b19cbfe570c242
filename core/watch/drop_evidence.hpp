#pragma once

#include <array>
#include <cstddef>

namespace jarvis {

/** How strongly pairs of scores speak for a fall, as an e-value: the money of somebody who began
 * with 1 and betted on a fall in each pair. While E[after | all pairs so far] ≥ E[before | …] it is
 * a supermartingale, so that it ever reaches 1/alpha with probability alpha at most (Ville's
 * inequality), however often and whenever somebody looks.
 *
 * A pair is a score in [0, 1] after the change and the mean of one or more scores in [0, 1] before
 * it that are in no other pair. Thus the mean before need not be known: its uncertainty is in the
 * pairs. The bets are 1 + λ (before − after) for fixed λ in (0, 1), and the money is shared between
 * them: their mean is as good as the best of them but for a constant factor. It does not depend on
 * the order of the pairs.
 *
 * Blocks of two samples: Turner, Ly and Grünwald, "Generic E-variables for exact sequential
 * k-sample tests that allow for optional stopping" (2021). Bets on bounded means: Waudby-Smith and
 * Ramdas, "Estimating means of bounded random variables by betting" (JRSS B, 2023). */
class DropEvidence {
 public:
  void add(double before, double after);

  /** Natural logarithm of the e-value; 0 without pairs. */
  double log_value() const;

 private:
  static constexpr std::array<double, 6> kStakes{0.08, 0.16, 0.3, 0.5, 0.75, 0.95};
  std::array<double, kStakes.size()> logs_{};
};

}  // namespace jarvis
