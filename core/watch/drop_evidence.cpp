#include "core/watch/drop_evidence.hpp"

#include <algorithm>
#include <cmath>

namespace jarvis {

void DropEvidence::add(double before, double after) {
  for (std::size_t i = 0; i < kStakes.size(); ++i)
    logs_[i] += std::log1p(kStakes[i] * (before - after));
}

double DropEvidence::log_value() const {
  const double most = *std::max_element(logs_.begin(), logs_.end());
  double sum = 0;
  for (const double value : logs_) sum += std::exp(value - most);
  return most + std::log(sum / static_cast<double>(logs_.size()));
}

}  // namespace jarvis
