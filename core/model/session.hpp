#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/cluster.hpp"
#include "core/model/edit.hpp"
#include "core/model/score.hpp"
#include "core/model/verdict.hpp"

namespace jarvis {

enum class EditStatus {
  applied,
  rejected_by_gate,
  pending_review,
  rejected_by_user,
  rolled_back,
  skipped
};

enum class SessionStatus {
  initiated,
  diagnosing,
  planning,
  executing,
  awaiting_review,
  completed,
  failed,
  rolled_back
};

enum class Autonomy { automatic, tiered, manual };

std::string_view to_string(EditStatus status);
std::optional<EditStatus> edit_status_from(std::string_view text);
std::string_view to_string(SessionStatus status);
std::optional<SessionStatus> session_status_from(std::string_view text);
std::string_view to_string(Autonomy autonomy);  ///< "auto", "tiered", "manual"
std::optional<Autonomy> autonomy_from(std::string_view text);

/** What a trial took; runs that were recorded before cost nothing. */
struct TrialCost {
  int student_runs = 0;
  int judgements = 0;
  double usd = 0;
};

/** Why an edit that waited was closed with its session; nobody judged it. */
inline constexpr char kSessionRolledBack[] = "session rolled back";

/** One edit and what became of it. */
struct EditOutcome {
  Edit edit;
  /** False while the session has not come to this edit: what an interrupted session goes on with.
   */
  bool reached = true;
  EditStatus status = EditStatus::skipped;
  std::optional<Verdict> verdict;  ///< nothing: never measured
  std::string error;               ///< why it was skipped, queued or could not be measured
  std::string reject_reason;
  std::string commit;          ///< full id, when applied
  std::string revert_commit;   ///< full id, when rolled back
  std::string applied_at;      ///< ISO 8601 UTC
  std::string diff;            ///< what the edit changes, as shown for review
  std::string content_sha256;  ///< of the edit as it was shown
  std::string base;            ///< fingerprint of the tracked files that it was prepared on
  std::string candidate;       ///< fingerprint of those files with the edit applied
  double error_share = 0;      ///< of the session's error, that its trial could spend
  TrialCost cost;
  /** With two or more accepted edits: what this one added, from fresh runs of the states before and
   * after it. These sum up to the whole. */
  std::optional<double> delta_in_company;
  std::string harm;  ///< why the watch took it for harmful; empty: it did not
};

/** A session's accepted edits together, against the state that it began with. */
struct WholeChange {
  std::optional<double> delta;                    ///< nothing: `missing_reason` says why
  std::optional<std::array<double, 2>> interval;  ///< 90 %
  std::int64_t task_count = 0;
  std::string missing_reason;
};

/** What started a session: "on_demand", "user_flag", "scheduled" or "cluster", with its details. */
struct Trigger {
  std::string kind = "on_demand";
  json::object metadata;
  std::vector<std::string> trace_ids;
};

/** One diagnose → plan → execute → record pass. session.json is its authoritative form. */
struct Session {
  std::string id;
  std::string parent_session_id;
  Trigger trigger;
  SessionStatus status = SessionStatus::initiated;
  Autonomy autonomy = Autonomy::tiered;
  std::string started_at;  ///< ISO 8601 UTC
  std::string ended_at;
  std::string diagnosis_path;  ///< relative to the home; empty: not written
  std::string plan_path;
  std::string plan_sha256;
  std::string benchmark_version;
  std::optional<BenchmarkSnapshot> before;
  std::optional<BenchmarkSnapshot> after;
  std::optional<WholeChange> whole;  ///< with two or more accepted edits
  std::vector<std::string> sampled_task_ids;
  std::vector<Cluster> clusters;
  std::vector<EditOutcome> outcomes;
  std::string git_pre;
  std::string git_post;
  double teacher_cost_usd = 0;
  std::map<std::string, double> cost_by_purpose;  ///< USD
  std::map<std::string, std::size_t> redactions;  ///< different secrets by rule
  std::string error_code;
  std::string error;
  std::string error_hint;
  std::vector<std::string> notices;
  std::string approving;  ///< the queued edit that is tried now, so that its cost is not forgotten
};

}  // namespace jarvis
