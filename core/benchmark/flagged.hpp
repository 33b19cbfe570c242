#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/model/task.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** The ids of the tasks that come from one of these traces or that ask what it asked, or nearly. A
 * trace that is gone counts by its id alone. */
std::set<std::string> tasks_of_traces(const std::vector<Task>& tasks,
                                      const std::set<std::string>& trace_ids,
                                      const TraceReader& traces);

}  // namespace jarvis
