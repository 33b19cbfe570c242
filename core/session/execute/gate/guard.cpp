#include "core/session/execute/gate/guard.hpp"

#include <algorithm>
#include <cmath>

#include "core/session/execute/gate/clusters.hpp"

namespace jarvis {

namespace {

constexpr double kLeastVariance = 0.02;

double variance_within(const Paired& paired) {
  double squares = 0, freedom = 0;
  for (const auto& [name, group] : paired.clusters) {
    const auto others = static_cast<double>(group.size()) - 1;
    squares += variance_of(group) * others;
    freedom += others;
  }
  return freedom > 0 ? squares / freedom : 0;
}

template <class Margin>
std::vector<Fall> falls_by(const Paired& paired, double max_regression, Margin margin) {
  std::vector<Fall> found;
  for (const auto& [name, group] : paired.clusters) {
    const bool alone = paired.clusters.size() == 1;
    if (!alone && group.size() < kSmallestCluster) continue;
    const double delta = weighted_mean(group);
    if (delta + margin(group.size()) < -max_regression - kRounding) found.push_back({name, delta});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Fall& a, const Fall& b) { return a.delta < b.delta; });
  return found;
}

}  // namespace

std::vector<Fall> falls(const Paired& paired, double max_regression) {
  return falls_by(paired, max_regression, [](std::size_t) { return 0.0; });
}

std::vector<Fall> falls_beyond_noise(const Paired& paired, double max_regression,
                                     double standard_errors) {
  const double variance = std::max(variance_within(paired), kLeastVariance);
  return falls_by(paired, max_regression, [&](std::size_t tasks) {
    return standard_errors * std::sqrt(variance / static_cast<double>(tasks));
  });
}

}  // namespace jarvis
