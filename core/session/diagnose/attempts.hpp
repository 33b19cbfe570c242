#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>

namespace jarvis {

/** Numbers the runs of each task, from 0: in every diagnosis the same numbers, so that the next one
 * finds the runs of this one. Safe to use from many threads. */
class Attempts {
 public:
  /** The lowest number that no run of the task has. */
  int take(const std::string& task_id) {
    const std::lock_guard lock(mutex_);
    std::set<int>& taken = taken_[task_id];
    int number = 0;
    while (!taken.insert(number).second) ++number;
    return number;
  }

  /** The run with this number failed. */
  void give_back(const std::string& task_id, int number) {
    const std::lock_guard lock(mutex_);
    taken_[task_id].erase(number);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::set<int>> taken_;
};

}  // namespace jarvis
