#include "core/base/figures.hpp"

#include <cmath>
#include <cstdio>

namespace jarvis {

std::string points(double delta) {
  char text[32];
  const double rounded = std::round(delta * 1000) / 10;
  std::snprintf(text, sizeof text, "%.1f", std::abs(rounded));
  return (rounded < 0 ? "\u2212" : "+") + std::string(text);
}

std::string dollars(double usd) {
  char text[32];
  std::snprintf(text, sizeof text, usd != 0 && usd < 0.1 ? "$%.4f" : "$%.2f", usd);
  return text;
}

std::string percent(std::optional<double> share) {
  if (!share) return "–";
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", *share * 100);
  return text;
}

}  // namespace jarvis
