#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <vector>

#include "core/model/task.hpp"
#include "core/ports/progress.hpp"

namespace jarvis {

/** What can be said of two arms while their runs still come in. For people only: the gate decides
 * by its looks. Safe to call from many threads. */
class RunningDelta {
 public:
  explicit RunningDelta(const std::vector<Task>& tasks);

  /** `arm`: 0 is the baseline, 1 the candidate. */
  void add(std::size_t arm, std::size_t task, double score);
  /** Fills in delta and interval of the tasks that have a score in both arms; leaves them out while
   * there are fewer than two. */
  void tell(WorkCount& work) const;

 private:
  struct Sums {
    double weight = 1;
    std::array<double, 2> scores{};
    std::array<int, 2> runs{};
  };

  mutable std::mutex mutex_;
  std::vector<Sums> tasks_;
};

}  // namespace jarvis
