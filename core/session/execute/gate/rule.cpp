#include "core/session/execute/gate/rule.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "core/session/execute/gate/clusters.hpp"
#include "core/session/execute/gate/statistics.hpp"

namespace jarvis {

namespace {

constexpr double kLeastCoverage = 0.9;
/** Sums of weighted scores that should be equal differ by less than this. */
constexpr double kRounding = 1e-9;

/** The differences of all tasks and of each cluster. */
struct Paired {
  std::vector<Difference> all;
  std::map<std::string, std::vector<Difference>> clusters;
};

std::string points(double share) {
  const double value = share * 100;
  const bool minus = value < -0.05;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f points", std::abs(value));
  return (minus ? "\u2212" : "+") + std::string(text);
}

/** By task id, so that sums are made in one order whatever the order of the arms. */
std::map<std::string, const TaskScore*> by_id(const ArmScores& arm) {
  std::map<std::string, const TaskScore*> tasks;
  for (const TaskScore& task : arm.tasks) tasks.emplace(task.task_id, &task);
  return tasks;
}

Paired pair_up(const ArmScores& baseline, const ArmScores& candidate) {
  const auto clusters = clusters_of(baseline.tasks);
  const auto candidates = by_id(candidate);
  Paired paired;
  for (const auto& [id, before] : by_id(baseline)) {
    const auto after = candidates.find(id);
    if (after == candidates.end() || !before->score || !after->second->score) continue;
    const Difference difference{*after->second->score - *before->score, before->weight};
    paired.all.push_back(difference);
    paired.clusters[clusters.at(before->query_class)].push_back(difference);
  }
  return paired;
}

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

struct Fall {
  std::string cluster;
  double delta;
};

/** The clusters that veto, the deepest fall first. */
std::vector<Fall> falls(const Paired& paired, double max_regression) {
  std::vector<Fall> found;
  for (const auto& [name, group] : paired.clusters) {
    const bool alone = paired.clusters.size() == 1;
    if (!alone && group.size() < kSmallestCluster) continue;
    const double delta = weighted_mean(group);
    if (delta < -max_regression - kRounding) found.push_back({name, delta});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Fall& a, const Fall& b) { return a.delta < b.delta; });
  return found;
}

std::string regression_reason(const std::vector<Fall>& falls) {
  std::string text = "regression in ";
  for (std::size_t i = 0; i < falls.size(); ++i)
    text += (i > 0 ? ", " : "") + falls[i].cluster + ": " + points(falls[i].delta);
  return text;
}

void judge(const Paired& paired, const GateRule& rule, Verdict& verdict) {
  const double mean = *verdict.benchmark_delta;
  const std::string measured =
      points(mean) + " over " + std::to_string(paired.all.size()) + " tasks";
  const std::vector<Fall> fallen = falls(paired, rule.max_regression);
  verdict.decision = Decision::reject;
  if (mean <= rule.min_improvement + kRounding) {
    verdict.reason = "no improvement: " + measured;
    if (rule.min_improvement > 0)
      verdict.reason += ", more than " + points(rule.min_improvement) + " needed";
    if (!fallen.empty()) verdict.reason += "; " + regression_reason(fallen);
  } else if (!fallen.empty()) {
    verdict.reason = regression_reason(fallen);
  } else {
    verdict.decision = Decision::accept;
    verdict.reason = "improvement: " + measured;
  }
}

}  // namespace

Verdict decide(const ArmScores& baseline, const ArmScores& candidate, const GateRule& rule) {
  const Paired paired = pair_up(baseline, candidate);
  Verdict verdict;
  if (!paired.all.empty()) {
    verdict.benchmark_delta = weighted_mean(paired.all);
    verdict.interval = interval_of(paired.all);
    verdict.confidence = 1 - sign_flip_p(paired.all, rule.min_improvement);
    for (const auto& [name, group] : paired.clusters)
      verdict.cluster_deltas[name] = weighted_mean(group);
  }
  if (auto reason = too_little(baseline, candidate, paired)) {
    verdict.decision = Decision::undecided;
    verdict.reason = *reason;
    return verdict;
  }
  judge(paired, rule, verdict);
  return verdict;
}

}  // namespace jarvis
