#include "core/benchmark/flagged.hpp"

#include "core/model/near_duplicates.hpp"

namespace jarvis {

std::set<std::string> tasks_of_traces(const std::vector<Task>& tasks,
                                      const std::set<std::string>& trace_ids,
                                      const TraceReader& traces) {
  std::set<std::string> found;
  QuestionSet questions;
  for (const Task& task : tasks) {
    if (trace_ids.contains(task.trace_id)) found.insert(task.id);
    questions.add(task.query);
  }
  for (const std::string& id : trace_ids)
    if (const auto trace = traces.find(id))
      for (const std::size_t number : questions.near_duplicates_of(trace->query))
        found.insert(tasks[number].id);
  return found;
}

}  // namespace jarvis
