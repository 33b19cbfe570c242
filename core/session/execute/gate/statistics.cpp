#include "core/session/execute/gate/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace jarvis {

double weighted_mean(const std::vector<Difference>& differences) {
  double sum = 0, weight = 0;
  for (const Difference& difference : differences) {
    sum += difference.weight * difference.value;
    weight += difference.weight;
  }
  return weight > 0 ? sum / weight : 0;
}

double variance_of(const std::vector<Difference>& differences) {
  if (differences.size() < 2) return 0;
  const auto count = static_cast<double>(differences.size());
  double sum = 0, squares = 0;
  for (const Difference& difference : differences) sum += difference.value;
  for (const Difference& difference : differences)
    squares += std::pow(difference.value - sum / count, 2);
  return squares / (count - 1);
}

std::optional<std::array<double, 2>> interval_of(const std::vector<Difference>& differences) {
  if (differences.size() < 2) return std::nullopt;
  const double mean = weighted_mean(differences);
  const double count = static_cast<double>(differences.size());
  double squares = 0, weight = 0;
  for (const Difference& difference : differences) {
    squares += std::pow(difference.weight * (difference.value - mean), 2);
    weight += difference.weight;
  }
  if (weight <= 0) return std::nullopt;
  const double error = std::sqrt(squares * count / (count - 1)) / weight;
  const double reach =
      error * boost::math::quantile(boost::math::students_t_distribution<>(count - 1), 0.95);
  return std::array<double, 2>{std::max(-1.0, mean - reach), std::min(1.0, mean + reach)};
}

}  // namespace jarvis
