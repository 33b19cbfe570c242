#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace jarvis {

/** One task in one arm: the student's answer and the judge's score. Nothing = could not be
 * measured. */
struct TaskScore {
  std::string task_id;
  std::string query_class;
  double weight = 1.0;
  std::optional<double> score;
  std::string missing_reason;  ///< why there is no score
};

/** All sampled tasks of one arm. */
struct ArmScores {
  std::vector<TaskScore> tasks;
  double elapsed_seconds = 0;

  double coverage() const;  ///< share of tasks that have a score; 0 when there are no tasks
};

/** What is reported of an arm. `cluster_scores` is keyed by query class, small ones as "other". */
struct BenchmarkSnapshot {
  std::string benchmark_version;
  double overall_score = 0;
  std::map<std::string, double> cluster_scores;
  std::int64_t task_count = 0;
  double elapsed_seconds = 0;
};

}  // namespace jarvis
