#include "core/session/execute/gate/spending.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace jarvis {

double information(const WantedRuns& runs) {
  if (runs.baseline <= 0 || runs.candidate <= 0) return 0;
  return 1 / (1.0 / runs.baseline + 1.0 / runs.candidate);
}

double spent_error(double alpha, double t) {
  if (alpha <= 0 || t <= 0) return 0;
  if (alpha >= 1) return 1;
  const boost::math::normal_distribution<> normal;
  const double z = boost::math::quantile(boost::math::complement(normal, alpha / 2));
  return 2 * boost::math::cdf(boost::math::complement(normal, z / std::sqrt(t)));
}

std::array<double, kLookCount> look_levels(double alpha) {
  std::array<double, kLookCount> levels{};
  double before = 0;
  for (std::size_t look = 0; look < kLookCount; ++look) {
    const double t = information(kLooks[look]) / information(kLooks.back());
    const double spent = std::min(spent_error(alpha, t), std::max(alpha, 0.0));
    levels[look] = spent - before;
    before = spent;
  }
  return levels;
}

}  // namespace jarvis
