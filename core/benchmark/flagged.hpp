#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/benchmark/store.hpp"
#include "core/model/task.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** The ids of the tasks that come from one of these traces or that ask what it asked, or nearly. A
 * trace that is gone counts by its id alone. */
std::set<std::string> tasks_of_traces(const std::vector<Task>& tasks,
                                      const std::set<std::string>& trace_ids,
                                      const TraceReader& traces);

/** Remembers traces that the user points at: whatever asks the same is practice in each version to
 * come. True when `present`, which may be null, has it in the held-out part: it wants a refresh. */
Result<bool> remember_flagged(const BenchmarkStore& store,
                              const std::vector<std::string>& trace_ids, const TraceReader& traces,
                              const Benchmark* present);

}  // namespace jarvis
