#include "core/session/execute/gate/snapshot.hpp"

#include "core/session/execute/gate/clusters.hpp"
#include "core/session/execute/gate/statistics.hpp"

namespace jarvis {

BenchmarkSnapshot snapshot_of(const ArmScores& arm, const std::string& benchmark_version) {
  const auto names = clusters_of(arm.tasks);
  std::vector<Difference> all;
  std::map<std::string, std::vector<Difference>> clusters;
  for (const TaskScore& task : arm.tasks) {
    if (!task.score) continue;
    all.push_back({*task.score, task.weight});
    clusters[names.at(task.query_class)].push_back(all.back());
  }
  BenchmarkSnapshot snapshot;
  snapshot.benchmark_version = benchmark_version;
  snapshot.overall_score = weighted_mean(all);
  for (const auto& [name, scores] : clusters) snapshot.cluster_scores[name] = weighted_mean(scores);
  snapshot.task_count = static_cast<std::int64_t>(all.size());
  snapshot.elapsed_seconds = arm.elapsed_seconds;
  return snapshot;
}

}  // namespace jarvis
