#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/app/application.hpp"
#include "core/app/cli/output.hpp"
#include "core/model/session.hpp"
#include "core/model/task.hpp"

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

/** What stands behind the verdicts of a session: looked up in its version of the benchmark and in
 * the recorded runs, as far as these are there. Changes nothing. */
class VerdictEvidence {
 public:
  VerdictEvidence(const Application& application, const Session& session);
  ~VerdictEvidence();
  VerdictEvidence(const VerdictEvidence&) = delete;
  VerdictEvidence& operator=(const VerdictEvidence&) = delete;

  /** The largest gains first, then the losses; tasks that did not change are left out. */
  std::vector<ChangedTask> changed_tasks(const EditOutcome& outcome) const;

 private:
  std::string question_of(const std::string& task_id) const;
  std::string output_of(const std::string& fingerprint, const std::string& task_id) const;

  std::optional<Benchmark> benchmark_;
  std::unique_ptr<EvaluationDatabase> runs_;
};

/** The measured part of an edit: delta with its interval and noise, clusters, calls and money, then
 * the tasks won and lost with both answers. */
void print_evidence(const EditOutcome& outcome, const VerdictEvidence& evidence,
                    const Output& output);

/** session_document, with the changed tasks of each edit. */
json::object document_with_evidence(const Session& session, const std::string& diagnosis,
                                    const VerdictEvidence& evidence);

json::array changed_tasks_document(const EditOutcome& outcome, const VerdictEvidence& evidence);

}  // namespace jarvis
