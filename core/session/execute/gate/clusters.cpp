#include "core/session/execute/gate/clusters.hpp"

namespace jarvis {

std::map<std::string, std::string> clusters_of(const std::vector<TaskScore>& tasks) {
  std::map<std::string, std::size_t> counts;
  for (const TaskScore& task : tasks) ++counts[task.query_class];
  std::map<std::string, std::string> clusters;
  for (const auto& [query_class, count] : counts)
    clusters[query_class] = count < kSmallestCluster ? kOtherCluster : query_class;
  return clusters;
}

}  // namespace jarvis
