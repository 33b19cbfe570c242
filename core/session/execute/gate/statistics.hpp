#pragma once

#include <array>
#include <optional>
#include <vector>

namespace jarvis {

/** One task's candidate − baseline and the weight that it counts with. */
struct Difference {
  double value = 0;
  double weight = 1;
};

/** Σ weight·value / Σ weight; 0 for no differences. */
double weighted_mean(const std::vector<Difference>& differences);

/** The 90 % interval of the weighted mean by Student's t, within −1..1. Nothing for fewer than two
 *  differences. */
std::optional<std::array<double, 2>> interval_of(const std::vector<Difference>& differences);

/** p = P(Σ s_i|d_i'| ≥ Σ d_i') over fair signs, d_i' = weight·(value − threshold). Exact where all
 *  differences that are not zero have one size; otherwise from 9,999 seeded sign flips as
 *  (1 + #{≥}) / (B + 1) (Phipson & Smyth 2010). The order of the differences changes nothing. */
double sign_flip_p(const std::vector<Difference>& differences, double threshold);

}  // namespace jarvis
