#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace jarvis {

/** Who answered a task. */
enum class Answerer { student, teacher };

/** What the host itself saw during a diagnosis: every answer and its score. The teacher's own
 * numbers never enter here. Safe to use from many threads. */
class Evidence {
 public:
  void add_answer(Answerer who, const std::string& task_id, const std::string& output);

  /** A run of the student that gave no answer. */
  void add_failed_run(const std::string& task_id, const std::string& reason);
  /** Why the first run of the student that failed did; empty when none failed. */
  std::string failed_run(const std::string& task_id) const;

  /** The answers to a task, in the order they were given. */
  std::vector<std::string> answers(Answerer who, const std::string& task_id) const;

  /** Scores the n-th answer of a task (0..1). */
  void set_score(Answerer who, const std::string& task_id, std::size_t index, double score);
  std::optional<double> score(Answerer who, const std::string& task_id, std::size_t index) const;

  /** The mean score of a task's scored answers; nothing when none is scored. */
  std::optional<double> mean_score(Answerer who, const std::string& task_id) const;
  /** The share of a task's scored answers with a score of 0.5 or more; nothing when none is scored.
   */
  std::optional<double> success_share(Answerer who, const std::string& task_id) const;

 private:
  struct Answer {
    std::string output;
    std::optional<double> score;
  };
  using Key = std::pair<Answerer, std::string>;

  const std::vector<Answer>& find(Answerer who, const std::string& task_id) const;

  mutable std::mutex mutex_;
  std::map<Key, std::vector<Answer>> answers_;
  std::map<std::string, std::string> failed_runs_;  ///< by task
};

}  // namespace jarvis
