#pragma once

#include <array>
#include <cstddef>

#include "core/session/execute/gate/runs.hpp"

namespace jarvis {

inline constexpr std::size_t kLookCount = 4;

/** The runs of every task that each look wants. */
inline constexpr std::array<WantedRuns, kLookCount> kLooks{{{8, 1}, {8, 2}, {8, 4}, {8, 8}}};

/** What a look knows of the difference between the arms, in units of one run's variance:
 *  1 / (1/baseline + 1/candidate); 0 without runs in either arm. */
double information(const WantedRuns& runs);

/** The error spent up to the share `t` of the information, 2 − 2Φ(z_{1−alpha/2}/√t): after O'Brien
 * & Fleming, in the form of Lan & DeMets 1983. `alpha` within 0..1; 0 for t ≤ 0. */
double spent_error(double alpha, double t);

/** The level of each look: what is spent there beyond the look before. Their sum is `alpha`, so
 * that the chance of any p under its level is at most `alpha`, however the looks depend on each
 * other. */
std::array<double, kLookCount> look_levels(double alpha);

/** A mean excess over `min_improvement` at or below this after a look ends the trial: so little by
 *  then will hardly become enough. Leaving the trial early can only lower the error. */
inline constexpr std::array<double, kLookCount> kFutility{0.0, 0.01, 0.01, 0.0};

}  // namespace jarvis
