#include "core/session/execute/gate/runs.hpp"

#include <algorithm>
#include <cmath>

#include "core/session/execute/gate/statistics.hpp"

namespace jarvis {

namespace {

using Scores = std::vector<std::optional<double>>;

constexpr Arm kArms[] = {Arm::baseline, Arm::candidate};

std::size_t within(const Scores& runs, int wanted) {
  return std::min(runs.size(), static_cast<std::size_t>(std::max(wanted, 0)));
}

struct Sum {
  double total = 0;
  int count = 0;
};

Sum sum_of(const Scores& runs, int wanted) {
  Sum sum;
  for (std::size_t i = 0; i < within(runs, wanted); ++i) {
    if (!runs[i]) continue;
    sum.total += *runs[i];
    ++sum.count;
  }
  return sum;
}

std::optional<double> mean_of(const Sum& sum) {
  return sum.count > 0 ? std::optional(sum.total / sum.count) : std::nullopt;
}

bool disagree(const Scores& runs) {
  std::optional<double> first;
  for (const auto& score : runs) {
    if (!score) continue;
    if (first && std::abs(*score - *first) > kRounding) return true;
    if (!first) first = score;
  }
  return false;
}

}  // namespace

const std::vector<std::optional<double>>& runs_of(const TaskRuns& task, Arm arm) {
  return arm == Arm::baseline ? task.baseline : task.candidate;
}

int wanted_in(const WantedRuns& wanted, Arm arm) {
  return arm == Arm::baseline ? wanted.baseline : wanted.candidate;
}

bool are_there(const std::vector<TaskRuns>& tasks, const std::vector<WantedRuns>& wanted) {
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (const Arm arm : kArms)
      if (static_cast<int>(runs_of(tasks[i], arm).size()) < wanted_in(wanted[i], arm)) return false;
  return true;
}

bool noise_is_seen(const std::vector<TaskRuns>& tasks) {
  return std::any_of(tasks.begin(), tasks.end(), [](const TaskRuns& task) {
    return disagree(task.baseline) || disagree(task.candidate);
  });
}

ArmScores means_of(const std::vector<TaskRuns>& tasks, const std::vector<WantedRuns>& wanted,
                   Arm arm) {
  ArmScores means;
  means.tasks.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const TaskRuns& task = tasks[i];
    const Sum sum = sum_of(runs_of(task, arm), wanted_in(wanted[i], arm));
    TaskScore score{task.task_id, task.query_class, task.weight, {}, {}};
    score.score = mean_of(sum);
    if (!score.score) score.missing_reason = task.missing_reason;
    means.tasks.push_back(std::move(score));
  }
  return means;
}

std::vector<TaskResult> task_results(const std::vector<TaskRuns>& tasks,
                                     const std::vector<WantedRuns>& wanted) {
  std::vector<TaskResult> results;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const Sum before = sum_of(tasks[i].baseline, wanted[i].baseline);
    const Sum after = sum_of(tasks[i].candidate, wanted[i].candidate);
    results.push_back({tasks[i].task_id, tasks[i].query_class, mean_of(before), mean_of(after),
                       before.count, after.count});
  }
  return results;
}

double RunCount::coverage() const {
  return wanted > 0 ? static_cast<double>(scored) / wanted : 0;
}

RunCount count_runs(const std::vector<TaskRuns>& tasks, const std::vector<WantedRuns>& wanted,
                    Arm arm) {
  RunCount count;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    count.wanted += wanted_in(wanted[i], arm);
    count.scored += sum_of(runs_of(tasks[i], arm), wanted_in(wanted[i], arm)).count;
  }
  return count;
}

std::optional<double> run_variance(const std::vector<TaskRuns>& tasks,
                                   const std::vector<WantedRuns>& wanted) {
  std::vector<double> squares;
  int freedom = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (const Arm arm : kArms) {
      const Scores& runs = runs_of(tasks[i], arm);
      const std::size_t end = within(runs, wanted_in(wanted[i], arm));
      const Sum sum = sum_of(runs, wanted_in(wanted[i], arm));
      if (sum.count < 2) continue;
      double about_mean = 0;
      for (std::size_t run = 0; run < end; ++run)
        if (runs[run]) about_mean += std::pow(*runs[run] - sum.total / sum.count, 2);
      squares.push_back(about_mean);
      freedom += sum.count - 1;
    }
  if (freedom == 0) return std::nullopt;
  // In one order, so that the order of the tasks does not show in the last digit.
  std::sort(squares.begin(), squares.end());
  double total = 0;
  for (const double square : squares) total += square;
  return total / freedom;
}

}  // namespace jarvis
