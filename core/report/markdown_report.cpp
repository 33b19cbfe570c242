#include "core/report/markdown_report.hpp"

#include <algorithm>

#include "core/base/figures.hpp"
#include "core/insight/verdict_text.hpp"
#include "core/report/markdown_text.hpp"

namespace jarvis {

using markdown::code;
using markdown::fenced;
using markdown::plain;

namespace {

constexpr std::size_t kMostTasks = 20;  ///< of those won, and of those lost

/** "- **name**: value". */
std::string entry(const std::string& name, const std::string& value) {
  return value.empty() ? "" : "- **" + name + "**: " + value + "\n";
}

std::string section(const std::string& title, const std::string& content) {
  return content.empty() ? "" : "\n## " + title + "\n\n" + content;
}

std::string interval_text(const std::optional<std::array<double, 2>>& interval) {
  if (!interval) return {};
  return " (90 %: " + points((*interval)[0]) + " to " + points((*interval)[1]) + ")";
}

std::string benchmark(const Session& session) {
  if (session.benchmark_version.empty()) return "not measured";
  std::string text = plain(session.benchmark_version);
  if (session.before) text += ": " + percent(session.before->overall_score);
  if (session.after) text += " → " + percent(session.after->overall_score);
  if (session.before)
    text += " on " + std::to_string(session.before->task_count) + " held-out tasks";
  return text;
}

std::string together(const Session& session) {
  if (!session.whole) return {};
  if (!session.whole->delta) return plain(session.whole->missing_reason);
  return points(*session.whole->delta) + " points" + interval_text(session.whole->interval) +
         " over " + std::to_string(session.whole->task_count) + " tasks";
}

std::string summary(const ReportMaterial& material) {
  const Session& session = material.session;
  std::string text = entry("Status", plain(std::string(to_string(session.status))));
  text += entry("Error", plain(session.error));
  text += entry("What to do", plain(session.error_hint));
  text += entry("Started", plain(session.started_at));
  text += entry("Ended", plain(session.ended_at));
  text += entry("Trigger", plain(session.trigger.kind));
  text += entry("Autonomy", plain(std::string(to_string(session.autonomy))));
  text += entry("Cost", plain(dollars(session.teacher_cost_usd)));
  text += entry("Benchmark", benchmark(session));
  text += entry("Together", together(session));
  for (const std::string& notice : session.notices) text += entry("Note", plain(notice));
  return text;
}

std::string clusters(const Session& session) {
  if (session.clusters.empty()) return {};
  std::string text = markdown::table_head(
      {"Cluster", "What goes wrong", "Student fails (claimed)", "Teacher right (claimed)"});
  for (const Cluster& cluster : session.clusters) {
    std::string what = plain(cluster.description);
    if (!cluster.skill_gap.empty()) what += "<br>" + plain(cluster.skill_gap);
    if (cluster.dropped) what += "<br>Dropped: " + plain(cluster.drop_reason);
    text += markdown::row({plain(cluster.id), what,
                           percent(cluster.student_failure_rate) + " \\(" +
                               percent(cluster.claimed.student_failure_rate) + "\\)",
                           percent(cluster.teacher_success_rate) + " \\(" +
                               percent(cluster.claimed.teacher_success_rate) + "\\)"});
  }
  return text;
}

std::string task_text(const ChangedTask& task) {
  return "\n**" + percent(task.result.baseline) + " → " + percent(task.result.candidate) +
         "**\n\n" + fenced(task.question) + "\nBefore:\n\n" + fenced(task.baseline_output) +
         "\nWith the edit:\n\n" + fenced(task.candidate_output);
}

std::string task_group(const std::string& title, const std::vector<ChangedTask>& tasks) {
  if (tasks.empty()) return {};
  const std::size_t shown = std::min(tasks.size(), kMostTasks);
  std::string text = "\n<details><summary>" + title + ": " + std::to_string(tasks.size());
  if (shown < tasks.size()) text += " (the largest " + std::to_string(shown) + " are shown)";
  text += "</summary>\n";
  for (std::size_t i = 0; i < shown; ++i) text += task_text(tasks[i]);
  return text + "\n</details>\n";
}

std::string changed_tasks(const EditOutcome& outcome, const ReportMaterial& material) {
  std::vector<ChangedTask> won = material.tasks.changed_tasks(outcome);
  const auto first_loss =
      std::find_if(won.begin(), won.end(), [](const auto& task) { return task.change() < 0; });
  std::vector<ChangedTask> lost(first_loss, won.end());
  won.erase(first_loss, won.end());
  std::reverse(lost.begin(), lost.end());
  return task_group("Tasks won", won) + task_group("Tasks lost", lost);
}

std::string class_deltas(const Verdict& verdict) {
  if (verdict.cluster_deltas.size() < 2) return {};
  std::string text;
  for (const auto& [name, delta] : verdict.cluster_deltas)
    text += (text.empty() ? "" : ", ") + plain(name) + " " + points(delta);
  return text;
}

std::string edit(const EditOutcome& outcome, const ReportMaterial& material) {
  std::string text = "\n### " + plain(outcome.edit.op) + "\n\n";
  text += entry("Edit", code(outcome.edit.id));
  text += entry("Status", plain(std::string(to_string(outcome.status))));
  text += entry("Tier", std::string(to_string(outcome.edit.tier)));
  text += entry("Target", plain(outcome.edit.target));
  text += entry("Why", plain(outcome.edit.rationale));
  text += entry("Rejected", plain(outcome.reject_reason));
  text += entry("Reason", plain(outcome.error));
  text += entry("Harmful", plain(outcome.harm));
  if (outcome.verdict) {
    text += entry("Verdict", std::string(to_string(outcome.verdict->decision)) + ", " +
                                 plain(outcome.verdict->reason));
    if (outcome.verdict->benchmark_delta) {
      text += entry("Measured", plain(delta_text(*outcome.verdict)));
      text += entry("By class", class_deltas(*outcome.verdict));
      text += entry("Effort", plain(effort_text(outcome)));
    }
  }
  if (outcome.delta_in_company)
    text += entry("Together with the others", points(*outcome.delta_in_company) + " points");
  text += entry("Commit", code(outcome.commit));
  text += entry("Taken back by", code(outcome.revert_commit));
  if (!outcome.diff.empty()) text += "\n" + fenced(outcome.diff, "diff");
  return text + changed_tasks(outcome, material);
}

std::string edits(const ReportMaterial& material) {
  std::string text;
  for (const EditOutcome& outcome : material.session.outcomes) text += edit(outcome, material);
  return text.empty() ? text : text.substr(1);
}

/** What a step says beside its name: "status applied, delta 0.39". */
std::string details(const json::object& step) {
  std::string text;
  for (const char* key : {"edit_id", "op", "status", "verdict", "commit", "error"})
    if (const std::string value = sdk::optional_string(step, key); !value.empty())
      text += (text.empty() ? "" : ", ") + plain(value);
  if (const auto delta = sdk::optional_number(step, "delta"))
    text += (text.empty() ? "" : ", ") + points(*delta) + " points";
  return text;
}

std::string timeline(const ReportMaterial& material) {
  std::string rows;
  for (const json::object& step : material.steps.lines) {
    const std::string state = sdk::optional_string(step, "state");
    if (state != "begin" && state != "end") continue;
    rows += markdown::row({plain(sdk::optional_string(step, "at")),
                           plain(sdk::optional_string(step, "step") + " " + state + "s"),
                           details(step)});
  }
  if (rows.empty()) return {};
  return (material.steps.cut ? "The newest steps are shown.\n\n" : "") +
         markdown::table_head({"At", "Step", "Details"}) + rows;
}

std::string spending(const ReportMaterial& material) {
  if (material.spending.empty()) return {};
  std::string text =
      markdown::table_head({"Purpose", "Model", "Calls", "Tokens in", "Tokens out", "Cost"});
  for (const SpendingLine& line : material.spending)
    text += markdown::row({plain(line.purpose), plain(line.model), std::to_string(line.calls),
                           std::to_string(line.input_tokens), std::to_string(line.output_tokens),
                           plain(dollars(line.usd))});
  return text;
}

}  // namespace

std::string markdown_report(const ReportMaterial& material) {
  std::string text = "# Learning session " + code(material.session.id) + "\n\n";
  text += plain(redaction_text(material)) + "\n\n" + summary(material);
  text += section("Edits", edits(material));
  text += section("Clusters of failures", clusters(material.session));
  if (!material.diagnosis.empty())
    text += section("The teacher's diagnosis", fenced(material.diagnosis, "markdown"));
  text += section("What happened", timeline(material));
  text += section("Money", spending(material));
  return text + "\nWritten " + plain(material.written_at) + " by jarvis " + material.version +
         ".\n";
}

}  // namespace jarvis
