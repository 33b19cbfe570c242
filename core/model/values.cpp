// The few derived facts of the plain values.
#include <algorithm>
#include <iterator>

#include "core/model/cluster.hpp"
#include "core/model/score.hpp"
#include "core/model/task.hpp"

namespace jarvis {

std::vector<Task> Benchmark::part(Part wanted) const {
  std::vector<Task> chosen;
  std::copy_if(tasks.begin(), tasks.end(), std::back_inserter(chosen),
               [&](const Task& task) { return task.part == wanted; });
  return chosen;
}

std::vector<Cluster> Diagnosis::kept() const {
  std::vector<Cluster> chosen;
  std::copy_if(clusters.begin(), clusters.end(), std::back_inserter(chosen),
               [](const Cluster& cluster) { return !cluster.dropped; });
  return chosen;
}

double ArmScores::coverage() const {
  if (tasks.empty()) return 0;
  const auto scored = std::count_if(tasks.begin(), tasks.end(),
                                    [](const TaskScore& task) { return task.score.has_value(); });
  return static_cast<double>(scored) / static_cast<double>(tasks.size());
}

}  // namespace jarvis
