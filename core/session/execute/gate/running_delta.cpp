#include "core/session/execute/gate/running_delta.hpp"

#include "core/session/execute/gate/statistics.hpp"

namespace jarvis {

RunningDelta::RunningDelta(const std::vector<Task>& tasks) {
  for (const Task& task : tasks) tasks_.push_back({task.weight});
}

void RunningDelta::add(std::size_t arm, std::size_t task, double score) {
  const std::lock_guard lock(mutex_);
  tasks_[task].scores[arm] += score;
  ++tasks_[task].runs[arm];
}

void RunningDelta::tell(WorkCount& work) const {
  std::vector<Difference> differences;
  {
    const std::lock_guard lock(mutex_);
    for (const Sums& task : tasks_)
      if (task.runs[0] > 0 && task.runs[1] > 0)
        differences.push_back(
            {task.scores[1] / task.runs[1] - task.scores[0] / task.runs[0], task.weight});
  }
  work.interval = interval_of(differences);
  if (work.interval) work.delta = weighted_mean(differences);
}

}  // namespace jarvis
