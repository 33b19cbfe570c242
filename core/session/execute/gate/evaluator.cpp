#include "core/session/execute/gate/evaluator.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>

#include "core/base/digest.hpp"
#include "core/base/parallel.hpp"

namespace jarvis {

namespace {

bool ends_evaluation(const Error& error) {
  return error.kind == ErrorKind::budget || error.kind == ErrorKind::cancelled;
}

/** One evaluation's state, shared by its workers. */
class Evaluation {
 public:
  Evaluation(const HomeView& home, const std::vector<Task>& tasks, const EvaluationParts& parts,
             std::string fingerprint)
      : home_(home), tasks_(tasks), parts_(parts), fingerprint_(std::move(fingerprint)) {
    for (const Task& task : tasks)
      scores_.push_back({task.id, task.query_class, task.weight, {}, {}});
  }

  void measure(std::size_t index) {
    if (stopped_) return;
    if (parts_.cancelled && parts_.cancelled())
      return stop({ErrorKind::cancelled, "the evaluation was cancelled", ""});
    const Task& task = tasks_[index];
    if (auto score = score_of(task); score) {
      scores_[index].score = *score;
    } else if (ends_evaluation(score.error())) {
      return stop(score.error());
    } else {
      scores_[index].missing_reason = score.error().message;
    }
    const int done = ++done_;
    if (parts_.progress) parts_.progress->count("benchmark", done, static_cast<int>(tasks_.size()));
  }

  const std::optional<Error>& stopped_by() const { return reason_; }
  std::vector<TaskScore> take() { return std::move(scores_); }

 private:
  void stop(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!reason_) reason_ = error;
    stopped_ = true;
  }

  Result<double> score_of(const Task& task) {
    const EvaluationMemory::Entry known = parts_.memory.find(fingerprint_, task.id);
    if (known.score) return *known.score;
    const Result<std::string> output =
        known.output ? Result<std::string>(*known.output) : output_of(task);
    if (!output) return output.error();
    const auto judgement = parts_.judge.score(task.query, task.gold, *output);
    if (!judgement) return judgement.error();
    if (!judgement->score)
      return Error{ErrorKind::invalid, "the judge's reply could not be read", ""};
    const double score = *judgement->score;
    if (!(score >= 0 && score <= 1))
      return Error{ErrorKind::invalid, "the judge's score does not lie in 0..1", ""};
    parts_.memory.keep_score(fingerprint_, task.id, score);
    return score;
  }

  Result<std::string> output_of(const Task& task) {
    auto answer = parts_.student.answer(home_, task.query, task.query_class, task.agent);
    if (!answer) return answer.error();
    parts_.memory.keep_output(fingerprint_, task.id, answer->result.output);
    return std::move(answer->result.output);
  }

  const HomeView& home_;
  const std::vector<Task>& tasks_;
  const EvaluationParts& parts_;
  const std::string fingerprint_;
  std::vector<TaskScore> scores_;
  std::atomic<int> done_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
  std::optional<Error> reason_;
};

}  // namespace

EvaluationMemory::Entry EvaluationMemory::find(const std::string& fingerprint,
                                               const std::string& task_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find({fingerprint, task_id});
  return found == entries_.end() ? Entry{} : found->second;
}

void EvaluationMemory::keep_output(const std::string& fingerprint, const std::string& task_id,
                                   std::string output) {
  const std::lock_guard lock(mutex_);
  entries_[{fingerprint, task_id}].output = std::move(output);
}

void EvaluationMemory::keep_score(const std::string& fingerprint, const std::string& task_id,
                                  double score) {
  const std::lock_guard lock(mutex_);
  entries_[{fingerprint, task_id}].score = score;
}

Result<std::string> fingerprint_of(const HomeView& home) {
  const auto files = home.tracked_files();
  if (!files) return files.error();
  std::vector<std::string> sorted = *files;
  std::sort(sorted.begin(), sorted.end());
  std::string all;
  for (const std::string& file : sorted) {
    const auto bytes = home.read(file);
    if (!bytes) return bytes.error();
    // With the lengths in front, no two different homes give the same text.
    all += std::to_string(file.size()) + ":" + file + std::to_string(bytes->size()) + ":" + *bytes;
  }
  return sha256(all);
}

Result<ArmScores> evaluate(const HomeView& home, const std::vector<Task>& tasks,
                           const EvaluationParts& parts) {
  auto fingerprint = fingerprint_of(home);
  if (!fingerprint) return fingerprint.error();
  const auto start = std::chrono::steady_clock::now();
  Evaluation evaluation(home, tasks, parts, *std::move(fingerprint));
  parallel_for(tasks.size(), static_cast<std::size_t>(std::max(parts.concurrency, 1)),
               [&](std::size_t index) { evaluation.measure(index); });
  if (evaluation.stopped_by()) return *evaluation.stopped_by();
  ArmScores arm;
  arm.tasks = evaluation.take();
  arm.elapsed_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return arm;
}

}  // namespace jarvis
