#pragma once

#include <array>
#include <optional>
#include <vector>

namespace jarvis {

/** Sums of weighted scores that should be equal differ by less than this. */
inline constexpr double kRounding = 1e-9;

/** One task's candidate − baseline and the weight that it counts with. */
struct Difference {
  double value = 0;
  double weight = 1;
};

/** Σ weight·value / Σ weight; 0 for no differences. */
double weighted_mean(const std::vector<Difference>& differences);

/** The variance of the values, weights left aside; 0 for fewer than two. */
double variance_of(const std::vector<Difference>& differences);

/** The 90 % interval of the weighted mean by Student's t, within −1..1. Nothing for fewer than two
 *  differences. */
std::optional<std::array<double, 2>> interval_of(const std::vector<Difference>& differences);

}  // namespace jarvis
