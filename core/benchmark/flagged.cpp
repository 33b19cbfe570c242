#include "core/benchmark/flagged.hpp"

#include "core/benchmark/journal.hpp"
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

Result<bool> remember_flagged(const BenchmarkStore& store,
                              const std::vector<std::string>& trace_ids, const TraceReader& traces,
                              const Benchmark* present) {
  if (trace_ids.empty()) return false;
  auto journal = Journal::open(store.journal_path());
  if (!journal) return journal.error();
  if (auto flagged = (*journal)->flag(trace_ids); !flagged) return flagged.error();
  if (!present) return false;
  return !tasks_of_traces(present->part(Part::held_out), {trace_ids.begin(), trace_ids.end()},
                          traces)
              .empty();
}

}  // namespace jarvis
