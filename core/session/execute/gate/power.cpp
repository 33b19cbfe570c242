#include "core/session/execute/gate/power.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "core/session/execute/gate/guard.hpp"
#include "core/session/execute/gate/spending.hpp"

namespace jarvis {

namespace {

constexpr int kSessions = 20000;
constexpr std::uint64_t kSeed = 19830;
constexpr double kWantedPower = 0.8;
/** A gain does not come to all tasks alike: its variance from task to task in units of gain², where
 *  every task gains the same share of what it lacks and tasks are as in `kCautiousRunVariance`. */
constexpr double kUnevenness = 0.105 / 0.09;

using Noise = std::array<double, kLookCount>;

struct Session {
  Noise runs;    ///< errors of the mean at the looks, in units of √(variance of a run / tasks)
  double tasks;  ///< how lucky the edit is with the sampled tasks, in standard errors
};

/** The baseline's error stays the same from look to look, the candidate's shrinks with its runs. */
const std::vector<Session>& sessions() {
  static const std::vector<Session> drawn = [] {
    std::mt19937_64 random(kSeed);
    std::normal_distribution<> normal;
    std::vector<Session> all(kSessions);
    for (Session& session : all) {
      const double baseline = normal(random) / std::sqrt(kLooks.front().baseline);
      double sum = 0;
      int runs = 0;
      for (std::size_t look = 0; look < kLookCount; ++look) {
        sum += normal(random) * std::sqrt(kLooks[look].candidate - runs);
        runs = kLooks[look].candidate;
        session.runs[look] = sum / runs - baseline;
      }
      session.tasks = normal(random);
    }
    return all;
  }();
  return drawn;
}

/** How many standard errors a gain must be above zero at each look; infinite where no signs of so
 *  few tasks can be as rare as the level. */
Noise thresholds(const PowerQuestion& question) {
  const boost::math::normal_distribution<> normal;
  const auto levels = look_levels(question.alpha);
  Noise reach;
  for (std::size_t look = 0; look < kLookCount; ++look) {
    const double level = levels[look];
    if (level <= 0 || kLooks[look].candidate < kGuardedRuns ||
        std::pow(0.5, question.tasks) > level)
      reach[look] = std::numeric_limits<double>::infinity();
    else
      reach[look] = boost::math::quantile(boost::math::complement(normal, level));
  }
  return reach;
}

bool is_deterministic(const PowerQuestion& question) {
  return question.run_variance <= 0;
}

TrialProspect plain_prospect(double gain, const PowerQuestion& question) {
  return {gain > question.min_improvement + kRounding ? 1.0 : 0.0,
          static_cast<double>(question.tasks)};
}

}  // namespace

TrialProspect prospect_of(double gain, const PowerQuestion& question) {
  if (question.tasks <= 0) return {};
  if (is_deterministic(question)) return plain_prospect(gain, question);
  const Noise reach = thresholds(question);
  const double unit = std::sqrt(question.run_variance / question.tasks);
  const double uneven = std::sqrt(kUnevenness / question.tasks) * gain;
  TrialProspect prospect;
  for (const Session& session : sessions()) {
    for (std::size_t look = 0; look < kLookCount; ++look) {
      const double excess =
          gain - question.min_improvement + session.tasks * uneven + session.runs[look] * unit;
      // Signs are flipped about zero, and so a gain makes its own error larger.
      const double error = std::sqrt(unit * unit / information(kLooks[look]) + uneven * uneven +
                                     excess * excess / question.tasks);
      const bool accepted = excess >= reach[look] * error;
      const bool last = look + 1 == kLookCount;
      if (!accepted && excess > kFutility[look] && !last) continue;
      prospect.accepted += accepted;
      prospect.candidate_runs += kLooks[look].candidate;
      break;
    }
  }
  prospect.accepted /= kSessions;
  prospect.candidate_runs *= static_cast<double>(question.tasks) / kSessions;
  return prospect;
}

GatePower gate_power(const PowerQuestion& question) {
  GatePower power;
  if (question.tasks <= 0) return power;
  power.runs_at_nothing = prospect_of(0, question).candidate_runs;
  double low = 0, high = 1;
  if (prospect_of(high, question).accepted < kWantedPower) return power;
  if (is_deterministic(question)) {
    const double tasks = question.tasks;
    high = (std::floor(question.min_improvement * tasks + kRounding) + 1) / tasks;
  } else {
    while (high - low > 0.0005) {
      const double middle = (low + high) / 2;
      (prospect_of(middle, question).accepted < kWantedPower ? low : high) = middle;
    }
  }
  power.detectable = high;
  power.runs_at_detectable = prospect_of(high, question).candidate_runs;
  return power;
}

}  // namespace jarvis
