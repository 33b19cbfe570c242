#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/model/task.hpp"

namespace jarvis {

/** Sets the part of each task that is not in `settled`. A fixed hash of the task id sends
 *  `holdout_share` of them to the held-out part; then just enough of the new ones change sides that
 * 3 to 30 tasks are practice tasks (with under six tasks: at most half of them). A settled task
 * keeps its part; only a flagged one becomes a practice task, for good. Both sets are of task ids.
 */
void split(std::vector<Task>& tasks, const std::set<std::string>& settled,
           const std::set<std::string>& flagged, double holdout_share);

}  // namespace jarvis
