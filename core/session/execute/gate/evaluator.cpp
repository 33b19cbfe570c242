#include "core/session/execute/gate/evaluator.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>

#include "core/base/parallel.hpp"
#include "core/ports/recorded_calls.hpp"
#include "core/session/execute/gate/running_delta.hpp"

namespace jarvis {

namespace {

/** A person cannot read faster, and a run may take microseconds. */
constexpr std::chrono::milliseconds kBetweenCounts{100};

bool ends_evaluation(const Error& error) {
  return error.kind == ErrorKind::budget || error.kind == ErrorKind::cancelled;
}

/** One run that is wanted. */
struct Item {
  std::size_t arm;
  std::size_t task;
  int attempt;  ///< counted from the arm's first
};

int most_attempts(const std::vector<ArmRequest>& arms) {
  int most = 0;
  for (const ArmRequest& arm : arms)
    for (const int wanted : arm.attempts) most = std::max(most, wanted);
  return most;
}

/** Every wanted run, the arms taking turns. */
std::vector<Item> work_list(const std::vector<ArmRequest>& arms, std::size_t tasks) {
  std::vector<Item> items;
  const int attempts = most_attempts(arms);
  for (int attempt = 0; attempt < attempts; ++attempt)
    for (std::size_t task = 0; task < tasks; ++task)
      for (std::size_t turn = 0; turn < arms.size(); ++turn) {
        // Who comes second may find the server's caches warm: no arm always does.
        const std::size_t arm = (turn + task) % arms.size();
        if (attempt < arms[arm].attempts[task]) items.push_back({arm, task, attempt});
      }
  return items;
}

}  // namespace

/** One evaluation's state, shared by its workers. */
class EvaluationRun {
 public:
  EvaluationRun(const std::vector<ArmRequest>& arms, const std::vector<Task>& tasks,
                Evaluator& evaluator)
      : arms_(arms),
        tasks_(tasks),
        parts_(evaluator.parts_),
        calls_(call_parts(), evaluator.turns_),
        delta_(tasks) {
    for (const ArmRequest& arm : arms) {
      ArmRuns runs;
      for (const int wanted : arm.attempts)
        runs.emplace_back(static_cast<std::size_t>(std::max(wanted, 0)));
      result_.arms.push_back(std::move(runs));
    }
  }

  Result<Evaluation> make() {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<Item> items = work_list(arms_, tasks_.size());
    parallel_for(items.size(), static_cast<std::size_t>(std::max(parts_.concurrency, 1)),
                 [&](std::size_t index) { measure(items[index], items.size()); });
    if (stopped_by_) return *stopped_by_;
    result_.student_calls = calls_.student_calls();
    result_.judge_calls = calls_.judge_calls();
    result_.elapsed_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(result_);
  }

 private:
  void measure(const Item& item, std::size_t total) {
    if (stopped_) return;
    const auto score = score_of(item);
    if (const auto lost = calls_.ledger_error()) stop(*lost);
    if (stopped_) return;
    RunScore& run = result_.arms[item.arm][item.task][static_cast<std::size_t>(item.attempt)];
    if (score)
      run.score = *score;
    else if (ends_evaluation(score.error()))
      return stop(score.error());
    else
      run.missing_reason = missing_run_reason(score.error());
    if (score && arms_.size() == 2) delta_.add(item.arm, item.task, *score);
    tell(++done_, static_cast<int>(total));
  }

  void tell(int done, int total) {
    if (!parts_.progress || (done < total && !is_time_to_tell())) return;
    WorkCount work{"benchmark", done, total};
    if (arms_.size() == 2) delta_.tell(work);
    parts_.progress->count(work);
  }

  bool is_time_to_tell() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (told_ && now < *told_ + kBetweenCounts) return false;
    told_ = now;
    return true;
  }

  void stop(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!stopped_by_) stopped_by_ = error;
    stopped_ = true;
  }

  Result<double> score_of(const Item& item) {
    const Task& task = tasks_[item.task];
    const ArmRequest& arm = arms_[item.arm];
    const auto answer =
        calls_.answer({arm.home, arm.fingerprint, arm.first_attempt + item.attempt}, task);
    if (!answer) return answer.error();
    return calls_.score(task.query, task.gold, answer->output);
  }

  CallParts call_parts() {
    return {parts_.student,        parts_.judge,
            parts_.ledger,         [this] { return is_over(); },
            parts_.session_id,     parts_.student_identity,
            parts_.judge_identity, parts_.allowed_tools};
  }

  bool is_over() const { return stopped_ || (parts_.cancelled && parts_.cancelled()); }

  const std::vector<ArmRequest>& arms_;
  const std::vector<Task>& tasks_;
  const EvaluationParts& parts_;
  std::atomic<bool> stopped_{false};
  RecordedCalls calls_;
  Evaluation result_;
  RunningDelta delta_;
  std::atomic<int> done_{0};
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> told_;
  std::optional<Error> stopped_by_;
};

Result<Evaluation> Evaluator::evaluate(const std::vector<ArmRequest>& arms,
                                       const std::vector<Task>& tasks) {
  for (const ArmRequest& arm : arms)
    if (arm.attempts.size() != tasks.size())
      return Error{ErrorKind::internal,
                   "an arm wants runs of " + std::to_string(arm.attempts.size()) + " tasks of " +
                       std::to_string(tasks.size()),
                   ""};
  return EvaluationRun(arms, tasks, *this).make();
}

std::vector<TaskRuns> side_by_side(const std::vector<Task>& tasks, const ArmRuns& baseline,
                                   const ArmRuns& candidate) {
  std::vector<TaskRuns> all;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    TaskRuns task{tasks[i].id, tasks[i].query_class, tasks[i].weight, {}, {}, {}};
    const auto add = [&](const RunScore& run, std::vector<std::optional<double>>& scores) {
      scores.push_back(run.score);
      if (task.missing_reason.empty()) task.missing_reason = run.missing_reason;
    };
    for (const RunScore& run : baseline[i]) add(run, task.baseline);
    for (const RunScore& run : candidate[i]) add(run, task.candidate);
    all.push_back(std::move(task));
  }
  return all;
}

Result<ArmScores> Evaluator::measure_once(const HomeView& home, const std::string& fingerprint,
                                          int attempt, const std::vector<Task>& tasks) {
  auto evaluation =
      evaluate({{&home, fingerprint, std::vector<int>(tasks.size(), 1), attempt}}, tasks);
  if (!evaluation) return evaluation.error();
  ArmScores arm;
  arm.elapsed_seconds = evaluation->elapsed_seconds;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    RunScore& run = evaluation->arms[0][i][0];
    arm.tasks.push_back({tasks[i].id, tasks[i].query_class, tasks[i].weight, run.score,
                         std::move(run.missing_reason)});
  }
  return arm;
}

}  // namespace jarvis
