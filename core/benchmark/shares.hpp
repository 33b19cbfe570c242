#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/benchmark/candidates.hpp"
#include "core/model/task.hpp"

namespace jarvis {

/** What the next version consists of: tasks that are kept and prospects that want a gold answer.
 */
struct Selection {
  std::vector<Task> kept;
  std::vector<Prospect> wanted;  ///< in a fixed order that mixes strata and classes
  /** Former tasks that make place for wanted ones: they stay as long as there is place. */
  std::vector<Task> replaced;
};

/** Chooses at most `max_tasks` from the tasks of the former version and the new prospects, so that
 * each stratum and class has the share that it has among all of them, each class at least one task.
 * Within a group former tasks go first, so that one is replaced only at the size cap, and those
 * whose gold is unsure go last. No prospect may be the question of a former task. */
Selection choose(const std::vector<Task>& former, const std::vector<Prospect>& prospects,
                 std::size_t max_tasks);

/** Sets each task's weight so that strata and classes count as they do among all questions (former
 * tasks and prospects). 1 for every task when no cap and no missing gold answer bent the shares;
 * the mean is always 1. A class that has no task is stood for by the rest of its stratum. */
void balance_weights(std::vector<Task>& tasks, const std::vector<Task>& former,
                     const std::vector<Prospect>& prospects);

}  // namespace jarvis
