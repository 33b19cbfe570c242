#include "core/session/execute/gate/reasons.hpp"

#include <cmath>
#include <cstdio>

namespace jarvis {

namespace {

constexpr double kMostRunsNamed = 20000;

std::string number(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", std::abs(share * 100));
  return text;
}

std::string signed_number(double share) {
  return (share < -0.0005 ? "\u2212" : "+") + number(share);
}

/** To two digits, upwards: "120", "3,200". */
std::string about(double count) {
  const double unit = std::pow(10.0, std::max(std::floor(std::log10(count)) - 1, 0.0));
  std::string digits = std::to_string(std::llround(std::ceil(count / unit - kRounding) * unit));
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, ",");
  return digits;
}

std::string more_runs_text(const std::optional<double>& more_runs) {
  if (!more_runs || *more_runs < 1) return "";
  if (*more_runs > kMostRunsNamed)
    return "; more than " + about(kMostRunsNamed) + " more task runs would be needed to tell";
  return "; about " + about(*more_runs) + " more task runs would tell";
}

}  // namespace

std::string points_text(double share) {
  return signed_number(share) + " points";
}

std::string measured_text(const Verdict& verdict, std::size_t tasks, int runs_each) {
  std::string text = signed_number(verdict.benchmark_delta.value_or(0));
  if (verdict.interval && runs_each > 1)
    text += " ± " + number(((*verdict.interval)[1] - (*verdict.interval)[0]) / 2);
  text += " points over " + std::to_string(tasks) + (tasks == 1 ? " task" : " tasks");
  if (runs_each > 1) text += ", " + std::to_string(runs_each) + " runs each";
  return text;
}

std::string regression_text(const std::vector<Fall>& falls) {
  std::string text = "regression in ";
  for (std::size_t i = 0; i < falls.size(); ++i)
    text += (i > 0 ? ", " : "") + falls[i].cluster + ": " + points_text(falls[i].delta);
  return text;
}

std::string no_improvement_text(const std::string& measured, double min_improvement) {
  const std::string text = "no improvement: " + measured;
  return min_improvement > 0 ? text + ", more than " + points_text(min_improvement) + " needed"
                             : text;
}

std::string within_noise_text(const Verdict& verdict, const std::string& measured,
                              const std::optional<double>& more_runs) {
  const double delta = verdict.benchmark_delta.value_or(0);
  const double floor = verdict.noise_floor.value_or(0);
  const std::string text =
      delta <= floor ? "within noise: " + points_text(delta) +
                           ", but re-running the same settings moves the score by ±" + number(floor)
                     : "not certain enough: " + measured;
  return text + more_runs_text(more_runs);
}

}  // namespace jarvis
