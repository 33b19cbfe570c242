#include "core/session/execute/gate/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstdint>
#include <random>

namespace jarvis {

namespace {

constexpr double kRounding = 1e-9;
constexpr int kFlips = 9999;
constexpr std::uint64_t kSeed = 20100;

/** P(at least `up` of `count` fair signs are positive). */
double exact_p(std::size_t up, std::size_t count) {
  if (up == 0) return 1;
  const boost::math::binomial_distribution<> fair(static_cast<double>(count), 0.5);
  return boost::math::cdf(boost::math::complement(fair, static_cast<double>(up) - 1));
}

double flipped_p(const std::vector<double>& sizes, double sum) {
  std::mt19937_64 bits(kSeed);
  int reached = 0;
  for (int flip = 0; flip < kFlips; ++flip) {
    double total = 0;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (i % 64 == 0) word = bits();
      total += (word >> (i % 64) & 1u) != 0 ? sizes[i] : -sizes[i];
    }
    if (total >= sum - kRounding) ++reached;
  }
  return (1.0 + reached) / (kFlips + 1.0);
}

}  // namespace

double weighted_mean(const std::vector<Difference>& differences) {
  double sum = 0, weight = 0;
  for (const Difference& difference : differences) {
    sum += difference.weight * difference.value;
    weight += difference.weight;
  }
  return weight > 0 ? sum / weight : 0;
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

double sign_flip_p(const std::vector<Difference>& differences, double threshold) {
  std::vector<double> shifted;
  for (const Difference& difference : differences) {
    const double value = difference.weight * (difference.value - threshold);
    if (std::abs(value) > kRounding) shifted.push_back(value);
  }
  std::sort(shifted.begin(), shifted.end());
  std::vector<double> sizes;
  double sum = 0;
  for (const double value : shifted) {
    sizes.push_back(std::abs(value));
    sum += value;
  }
  const auto up = static_cast<std::size_t>(
      std::count_if(shifted.begin(), shifted.end(), [](double value) { return value > 0; }));
  std::sort(sizes.begin(), sizes.end());
  if (sizes.empty() || sizes.back() - sizes.front() < kRounding) return exact_p(up, sizes.size());
  return flipped_p(sizes, sum);
}

}  // namespace jarvis
