#include "core/session/execute/gate/paired.hpp"

#include "core/session/execute/gate/clusters.hpp"

namespace jarvis {

namespace {

std::map<std::string, const TaskScore*> by_id(const ArmScores& arm) {
  std::map<std::string, const TaskScore*> tasks;
  for (const TaskScore& task : arm.tasks) tasks.emplace(task.task_id, &task);
  return tasks;
}

}  // namespace

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

Verdict measured_verdict(const Paired& paired) {
  Verdict verdict;
  if (paired.all.empty()) return verdict;
  verdict.benchmark_delta = weighted_mean(paired.all);
  verdict.interval = interval_of(paired.all);
  for (const auto& [name, group] : paired.clusters)
    verdict.cluster_deltas[name] = weighted_mean(group);
  return verdict;
}

}  // namespace jarvis
