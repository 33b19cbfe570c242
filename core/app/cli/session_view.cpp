#include "core/app/cli/session_view.hpp"

#include <algorithm>
#include <map>

#include "core/app/cli/when.hpp"

namespace jarvis {

namespace {

std::string score(const std::optional<BenchmarkSnapshot>& snapshot) {
  return snapshot ? percent(snapshot->overall_score) : "–";
}

void print_clusters(const Session& session, const Output& output) {
  if (session.clusters.empty()) return;
  output.line();
  output.heading("Clusters (measured; what the teacher claimed in brackets)");
  std::vector<std::vector<std::string>> rows;
  for (const Cluster& cluster : session.clusters)
    rows.push_back({cluster.id,
                    percent(cluster.student_failure_rate) + " (" +
                        percent(cluster.claimed.student_failure_rate) + ")",
                    percent(cluster.teacher_success_rate) + " (" +
                        percent(cluster.claimed.teacher_success_rate) + ")",
                    cluster.dropped ? "dropped: " + cluster.drop_reason : cluster.description});
  output.table({"CLUSTER", "STUDENT FAILS", "TEACHER RIGHT", ""}, rows);
}

std::string costs(const Session& session) {
  std::string text = dollars(session.teacher_cost_usd);
  std::string parts;
  for (const auto& [purpose, usd] : session.cost_by_purpose)
    parts += (parts.empty() ? "" : ", ") + purpose + " " + dollars(usd);
  return parts.empty() ? text : text + " (" + parts + ")";
}

/** What the accepted edits changed, all of them together. */
std::string together(const WholeChange& whole) {
  if (!whole.delta) return whole.missing_reason;
  std::string text = points(*whole.delta) + " points";
  if (whole.interval)
    text += " (90 %: " + points((*whole.interval)[0]) + " to " + points((*whole.interval)[1]) + ")";
  return text + " over " + std::to_string(whole.task_count) +
         " tasks, the accepted edits against the start";
}

/** "3 email, 1 password": different ones, not how often. */
std::string redactions(const Session& session) {
  std::string text;
  for (const auto& [rule, count] : session.redactions)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + rule;
  return text;
}

}  // namespace

std::string title_of(const Edit& edit) {
  return edit.id + "  " + edit.op + "  [" + std::string(to_string(edit.tier)) + "]";
}

std::string status_line(const EditOutcome& outcome) {
  std::string text(to_string(outcome.status));
  std::string details;
  const auto add = [&](const std::string& part) {
    details += (details.empty() ? "" : ", ") + part;
  };
  if (outcome.verdict && outcome.verdict->benchmark_delta)
    add(points(*outcome.verdict->benchmark_delta) + " points");
  if (!outcome.commit.empty()) add("commit " + outcome.commit.substr(0, 8));
  return details.empty() ? text : text + " (" + details + ")";
}

void print_decision(const EditOutcome& outcome, const Output& output) {
  output.line("    " + status_line(outcome));
  if (!outcome.error.empty()) output.line("    " + outcome.error);
  if (outcome.verdict && outcome.status != EditStatus::applied)
    output.line("    " + outcome.verdict->reason);
  if (!outcome.harm.empty()) output.line("    harmful: " + outcome.harm);
  if (!outcome.reject_reason.empty()) output.line("    rejected: " + outcome.reject_reason);
}

void print_edit(const EditOutcome& outcome, const VerdictEvidence& evidence, const Output& output) {
  output.heading(title_of(outcome.edit));
  print_decision(outcome, output);
  if (!outcome.edit.rationale.empty()) output.line("    why: " + outcome.edit.rationale);
  print_evidence(outcome, evidence, output);
  output.diff(outcome.diff);
}

void print_session(const Session& session, const VerdictEvidence& evidence, const Output& output) {
  output.heading("Session " + session.id);
  output.line("  status     " + std::string(to_string(session.status)));
  if (!session.error.empty())
    output.line("  error      " + session.error +
                (session.error_hint.empty() ? "" : " (" + session.error_hint + ")"));
  output.line("  started    " + session.started_at +
              (session.ended_at.empty() ? "" : ", ended " + session.ended_at));
  output.line("  autonomy   " + std::string(to_string(session.autonomy)));
  output.line("  cost       " + costs(session));
  if (!session.redactions.empty()) output.line("  redacted   " + redactions(session));
  if (!session.benchmark_version.empty()) {
    std::string text = session.benchmark_version + ": " + score(session.before);
    if (session.after) text += " → " + score(session.after);
    if (session.before)
      text += " on " + std::to_string(session.before->task_count) + " held-out tasks";
    output.line("  benchmark  " + text);
  }
  if (session.whole) output.line("  together   " + together(*session.whole));
  for (const std::string& notice : session.notices) output.line("  note       " + notice);
  print_clusters(session, output);
  if (session.outcomes.empty()) return;
  output.line();
  output.heading("Edits");
  for (const EditOutcome& outcome : session.outcomes) print_edit(outcome, evidence, output);
}

void print_history(const std::vector<Session>& sessions, double now, const Output& output) {
  std::vector<std::vector<std::string>> rows;
  for (const Session& session : sessions) {
    std::map<std::string, int> counts;
    for (const EditOutcome& outcome : session.outcomes)
      ++counts[std::string(to_string(outcome.status))];
    std::string edits;
    for (const auto& [status, count] : counts)
      edits += (edits.empty() ? "" : ", ") + std::to_string(count) + " " + status;
    rows.push_back({session.id, std::string(to_string(session.status)),
                    when(session.started_at, now), dollars(session.teacher_cost_usd),
                    edits + (edits.empty() || session.error.empty() ? "" : "; ") + session.error});
  }
  output.table({"SESSION", "STATUS", "STARTED", "COST", "EDITS"}, rows);
}

}  // namespace jarvis
