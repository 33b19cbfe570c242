#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/session.hpp"
#include "core/model/task.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

class EvaluationDatabase;

/** A task whose score an edit changed, with what the student said. Texts that are not kept any
 * longer are empty. */
struct ChangedTask {
  TaskResult result;
  std::string question;
  std::string baseline_output;
  std::string candidate_output;

  double change() const { return *result.candidate - *result.baseline; }
};

/** The tasks that the edits of a session changed. */
class TaskEvidence {
 public:
  virtual ~TaskEvidence() = default;
  /** The largest gains first, then the losses; tasks that did not change are left out. */
  virtual std::vector<ChangedTask> changed_tasks(const EditOutcome& outcome) const = 0;
};

/** What stands behind the verdicts of a session: looked up in its version of the benchmark and in
 * the recorded runs, as far as these are there. Changes nothing. */
class VerdictEvidence : public TaskEvidence {
 public:
  /** `clock` is borrowed. */
  VerdictEvidence(const std::filesystem::path& home, const Clock& clock, const Session& session);
  ~VerdictEvidence() override;
  VerdictEvidence(const VerdictEvidence&) = delete;
  VerdictEvidence& operator=(const VerdictEvidence&) = delete;

  std::vector<ChangedTask> changed_tasks(const EditOutcome& outcome) const override;

 private:
  std::string question_of(const std::string& task_id) const;
  std::string output_of(const std::string& fingerprint, const std::string& task_id) const;

  std::optional<Benchmark> benchmark_;
  std::unique_ptr<EvaluationDatabase> runs_;
};

}  // namespace jarvis
