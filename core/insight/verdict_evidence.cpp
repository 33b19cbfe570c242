#include "core/insight/verdict_evidence.hpp"

#include <algorithm>

#include "core/benchmark/store.hpp"
#include "core/home/evaluations/evaluation_database.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

VerdictEvidence::VerdictEvidence(const fs::path& home, const Clock& clock, const Session& session) {
  if (const BenchmarkStore store(home / kBenchmarksFolder); !session.benchmark_version.empty())
    if (auto file = store.load(session.benchmark_version)) benchmark_ = std::move(file->benchmark);
  const fs::path runs = home / kEvaluationsDatabase;
  std::error_code ignored;
  if (!fs::exists(runs, ignored)) return;
  if (auto opened = EvaluationDatabase::open(runs, clock)) runs_ = std::move(*opened);
}

VerdictEvidence::~VerdictEvidence() = default;

std::string VerdictEvidence::question_of(const std::string& task_id) const {
  if (benchmark_)
    for (const Task& task : benchmark_->tasks)
      if (task.id == task_id) return task.query;
  return task_id;
}

std::string VerdictEvidence::output_of(const std::string& fingerprint,
                                       const std::string& task_id) const {
  if (!runs_ || fingerprint.empty()) return {};
  const auto output = runs_->first_output(fingerprint, task_id);
  return output && *output ? **output : "";
}

std::vector<ChangedTask> VerdictEvidence::changed_tasks(const EditOutcome& outcome) const {
  std::vector<ChangedTask> tasks;
  if (!outcome.verdict) return tasks;
  for (const TaskResult& result : outcome.verdict->tasks) {
    if (!result.baseline || !result.candidate || *result.baseline == *result.candidate) continue;
    tasks.push_back({result, question_of(result.task_id), output_of(outcome.base, result.task_id),
                     output_of(outcome.candidate, result.task_id)});
  }
  std::stable_sort(tasks.begin(), tasks.end(), [](const auto& one, const auto& other) {
    return one.change() > other.change();
  });
  return tasks;
}

}  // namespace jarvis
