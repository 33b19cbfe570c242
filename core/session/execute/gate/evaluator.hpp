#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/score.hpp"
#include "core/model/task.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/student.hpp"

namespace jarvis {

/** Every finished student and judge call of one session, so that none is made twice. Keyed by the
 *  fingerprint of the home's tracked files and the task. Safe to call from many threads. */
class EvaluationMemory {
 public:
  struct Entry {
    std::optional<std::string> output;  ///< what the student said
    std::optional<double> score;        ///< what the judge gave it
  };

  Entry find(const std::string& fingerprint, const std::string& task_id) const;
  void keep_output(const std::string& fingerprint, const std::string& task_id, std::string output);
  void keep_score(const std::string& fingerprint, const std::string& task_id, double score);

 private:
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Entry> entries_;
};

/** Who measures. All are borrowed for the call; `progress` may be null, `cancelled` empty. */
struct EvaluationParts {
  Student& student;
  Judge& judge;
  EvaluationMemory& memory;
  int concurrency = 8;
  Progress* progress = nullptr;
  std::function<bool()> cancelled;
};

/** SHA-256 over names and bytes of the home's tracked files. */
Result<std::string> fingerprint_of(const HomeView& home);

/** Runs the student of `home` on every task and has each answer judged, `concurrency` tasks at a
 * time, each from question to score on one thread. The scores are in the order of `tasks`. What
 * fails is missing with its reason, never zero, and is tried again by the next call. Errors: budget
 * and cancelled end the evaluation at once (what was finished stays in the memory); io when the
 * home cannot be read. */
Result<ArmScores> evaluate(const HomeView& home, const std::vector<Task>& tasks,
                           const EvaluationParts& parts);

}  // namespace jarvis
