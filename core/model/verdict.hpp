#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis {

enum class Decision { accept = 1, reject = 2, undecided = 3 };

std::string_view to_string(Decision decision);  ///< "accept", "reject", "undecided"
std::optional<Decision> decision_from(std::string_view text);

/** One sampled task in both arms: means over the runs that have a score. */
struct TaskResult {
  std::string task_id;
  std::string query_class;
  std::optional<double> baseline;
  std::optional<double> candidate;
  int baseline_runs = 0;
  int candidate_runs = 0;
};

/** What the gate says of one candidate. Only accept applies. */
struct Verdict {
  Decision decision = Decision::undecided;
  std::string reason;
  std::optional<double> benchmark_delta;          ///< mean of candidate − baseline, −1..1
  std::optional<std::array<double, 2>> interval;  ///< 90 % interval of the delta
  std::map<std::string, double> cluster_deltas;   ///< by query class
  std::optional<double> confidence;               ///< 1 − p of the one-sided sign-flip test
  int looks = 0;                                  ///< at noisy runs; 0: decided by the plain rule
  int baseline_runs = 0;                          ///< with a score, all tasks together
  int candidate_runs = 0;                         ///< the same of the candidate
  std::optional<double> noise_floor{};            ///< ± by which the delta moves of itself (90 %)
  std::vector<TaskResult> tasks{};
};

}  // namespace jarvis
