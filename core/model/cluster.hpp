#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jarvis {

/** What the teacher says of a cluster. It is kept beside what was measured and decides nothing. */
struct ClusterClaim {
  std::optional<double> student_failure_rate;
  std::optional<double> teacher_success_rate;
};

/** Failing traces with one root cause. The rates are the host's own, from runs and comparisons it
 * saw. */
struct Cluster {
  std::string id;
  std::string description;
  std::string skill_gap;
  std::string query_class;
  std::vector<std::string> sample_trace_ids;
  std::vector<std::string> task_ids;
  std::optional<double> student_failure_rate;  ///< nothing: no task of it was compared
  std::optional<double> teacher_success_rate;
  ClusterClaim claimed;
  bool dropped = false;
  std::string drop_reason;
};

/** What diagnose hands to plan. */
struct Diagnosis {
  std::string narrative;
  std::vector<Cluster> clusters;  ///< dropped ones too

  std::vector<Cluster> kept() const;
};

}  // namespace jarvis
