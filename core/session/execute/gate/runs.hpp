#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/score.hpp"
#include "core/model/verdict.hpp"

namespace jarvis {

/** One task's scores in both arms, by attempt: `baseline[2]` is the third run of the present state.
 * Nothing: the run or its score failed, and is missing. */
struct TaskRuns {
  std::string task_id;
  std::string query_class;
  double weight = 1.0;
  std::vector<std::optional<double>> baseline;
  std::vector<std::optional<double>> candidate;
  std::string missing_reason{};  ///< why a run of this task is missing
};

/** How many runs of a task are wanted in all, those that are there included. A run that failed for
 * good is there, as missing. */
struct WantedRuns {
  int baseline = 0;
  int candidate = 0;
};

enum class Arm { baseline, candidate };

const std::vector<std::optional<double>>& runs_of(const TaskRuns& task, Arm arm);
int wanted_in(const WantedRuns& wanted, Arm arm);

/** Whether every task has the runs that are wanted of it; `wanted` has one entry for each task. */
bool are_there(const std::vector<TaskRuns>& tasks, const std::vector<WantedRuns>& wanted);

/** Whether two runs of one task in one arm gave different scores anywhere. */
bool noise_is_seen(const std::vector<TaskRuns>& tasks);

/** An arm's tasks with the means of the wanted runs. A task has no score when all of them are
 * missing: the mean is over those that have one. */
ArmScores means_of(const std::vector<TaskRuns>& tasks, const std::vector<WantedRuns>& wanted,
                   Arm arm);

/** What is reported of each task: both arms' means over the wanted runs. */
std::vector<TaskResult> task_results(const std::vector<TaskRuns>& tasks,
                                     const std::vector<WantedRuns>& wanted);

/** The wanted runs of an arm, all tasks together. */
struct RunCount {
  int wanted = 0;
  int scored = 0;

  double coverage() const;  ///< 0 when none is wanted
};

RunCount count_runs(const std::vector<TaskRuns>& tasks, const std::vector<WantedRuns>& wanted,
                    Arm arm);

/** The variance of one of the wanted runs about its task's mean, pooled over the tasks and both
 * arms. Nothing when no task was run twice in one arm. */
std::optional<double> run_variance(const std::vector<TaskRuns>& tasks,
                                   const std::vector<WantedRuns>& wanted);

}  // namespace jarvis
