#include "core/session/execute/gate/rule.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/session/execute/gate/guard.hpp"
#include "core/session/execute/gate/paired.hpp"
#include "core/session/execute/gate/reasons.hpp"
#include "core/session/execute/gate/sign_flip.hpp"

namespace jarvis {

namespace {

std::string commonest_reason(const ArmScores& arm) {
  std::map<std::string, int> counts;
  for (const TaskScore& task : arm.tasks)
    if (!task.score)
      ++counts[task.missing_reason.empty() ? "no reason was given" : task.missing_reason];
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

/** Why the two arms do not allow a decision; nothing when they do. */
std::optional<std::string> too_little(const ArmScores& baseline, const ArmScores& candidate,
                                      const Paired& paired) {
  if (baseline.tasks.empty() || candidate.tasks.empty()) return "there are no tasks to measure";
  const bool worse = candidate.coverage() <= baseline.coverage();
  const ArmScores& arm = worse ? candidate : baseline;
  if (arm.coverage() < kLeastCoverage) {
    const auto measured =
        std::count_if(arm.tasks.begin(), arm.tasks.end(),
                      [](const TaskScore& task) { return task.score.has_value(); });
    return "only " + std::to_string(measured) + " of " + std::to_string(arm.tasks.size()) +
           " tasks could be measured: " + commonest_reason(arm);
  }
  if (paired.all.empty()) return "no task was measured both before and after";
  return std::nullopt;
}

int scored(const ArmScores& arm) {
  return static_cast<int>(
      std::count_if(arm.tasks.begin(), arm.tasks.end(),
                    [](const TaskScore& task) { return task.score.has_value(); }));
}

void judge(const Paired& paired, const GateRule& rule, Verdict& verdict) {
  const double mean = *verdict.benchmark_delta;
  const std::string measured = measured_text(verdict, paired.all.size(), 1);
  const std::vector<Fall> fallen = falls(paired, rule.max_regression);
  verdict.decision = Decision::reject;
  if (mean <= rule.min_improvement + kRounding) {
    verdict.reason = no_improvement_text(measured, rule.min_improvement);
    if (!fallen.empty()) verdict.reason += "; " + regression_text(fallen);
  } else if (!fallen.empty()) {
    verdict.reason = regression_text(fallen);
  } else {
    verdict.decision = Decision::accept;
    verdict.reason = "improvement: " + measured;
  }
}

}  // namespace

Verdict decide(const ArmScores& baseline, const ArmScores& candidate, const GateRule& rule) {
  const Paired paired = pair_up(baseline, candidate);
  Verdict verdict = measured_verdict(paired);
  verdict.baseline_runs = scored(baseline);
  verdict.candidate_runs = scored(candidate);
  if (!paired.all.empty()) verdict.confidence = 1 - sign_flip_p(paired.all, rule.min_improvement);
  if (auto reason = too_little(baseline, candidate, paired)) {
    verdict.decision = Decision::undecided;
    verdict.reason = *reason;
    return verdict;
  }
  judge(paired, rule, verdict);
  return verdict;
}

}  // namespace jarvis
