#include "core/session/execute/gate/sign_flip.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>

namespace jarvis {

namespace {

constexpr int kFlips = 9999;
constexpr std::uint64_t kSeed = 20100;
/** Eight runs of which one or two are missing, against eight others, need 56 or 168; a threshold of
 *  0.02 fifty times as many. */
constexpr int kFinestGrid = 10000;
constexpr double kOffGrid = 1e-6;
/** Steps of the convolution that are worth an exact answer: some 50 ms. */
constexpr double kMostSteps = 5e7;

/** The differences that are not zero, in ascending order. */
std::vector<double> shifted(const std::vector<Difference>& differences, double threshold) {
  std::vector<double> values;
  values.reserve(differences.size());
  for (const Difference& difference : differences) {
    const double value = difference.weight * (difference.value - threshold);
    if (std::abs(value) > kRounding) values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  return values;
}

bool on_grid(const std::vector<double>& values, double scale) {
  return std::all_of(values.begin(), values.end(), [&](double value) {
    const double steps = value * scale;
    return std::abs(steps - std::round(steps)) < kOffGrid;
  });
}

/** The values as whole numbers of one step, or nothing where no grid is coarse enough. The smallest
 *  value is a small multiple of the step, whatever unit the weights bring in. */
std::optional<std::vector<std::int64_t>> whole_numbers(const std::vector<double>& values) {
  double smallest = std::abs(values.front()), total = 0;
  for (const double value : values) {
    smallest = std::min(smallest, std::abs(value));
    total += std::abs(value);
  }
  const double most = kMostSteps / static_cast<double>(values.size());
  for (int grid = 1; grid <= kFinestGrid; ++grid) {
    const double scale = grid / smallest;
    if (total * scale > most) return std::nullopt;
    if (!on_grid(values, scale)) continue;
    std::vector<std::int64_t> whole;
    for (const double value : values) whole.push_back(std::llround(value * scale));
    return whole;
  }
  return std::nullopt;
}

/** With half the values' sizes drawn by fair coins, Σ s_i|v_i| ≥ Σ v_i says that the sizes drawn
 *  reach the sum of the positive values. */
double exact_p(const std::vector<std::int64_t>& values) {
  std::size_t total = 0, positive = 0;
  for (const std::int64_t value : values) {
    total += static_cast<std::size_t>(std::abs(value));
    if (value > 0) positive += static_cast<std::size_t>(value);
  }
  std::vector<double> chance(total + 1, 0.0);
  chance[0] = 1;
  std::size_t reach = 0;
  for (const std::int64_t value : values) {
    const auto size = static_cast<std::size_t>(std::abs(value));
    reach += size;
    for (std::size_t sum = reach + 1; sum-- > 0;)
      chance[sum] = 0.5 * (chance[sum] + (sum >= size ? chance[sum - size] : 0.0));
  }
  double p = 0;
  for (std::size_t sum = total + 1; sum-- > positive;) p += chance[sum];
  return std::min(p, 1.0);
}

double flipped_p(const std::vector<double>& values) {
  double wanted = 0;
  std::vector<double> sizes;
  for (const double value : values) {
    wanted += value;
    sizes.push_back(std::abs(value));
  }
  std::sort(sizes.begin(), sizes.end());
  std::mt19937_64 bits(kSeed);
  int reached = 0;
  for (int flip = 0; flip < kFlips; ++flip) {
    double total = 0;
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (i % 64 == 0) word = bits();
      total += (word >> (i % 64) & 1u) != 0 ? sizes[i] : -sizes[i];
    }
    if (total >= wanted - kRounding) ++reached;
  }
  return (1.0 + reached) / (kFlips + 1.0);
}

}  // namespace

double sign_flip_p(const std::vector<Difference>& differences, double threshold) {
  const std::vector<double> values = shifted(differences, threshold);
  if (values.empty()) return 1;
  const auto whole = whole_numbers(values);
  return whole ? exact_p(*whole) : flipped_p(values);
}

}  // namespace jarvis
