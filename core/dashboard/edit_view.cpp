#include "core/dashboard/edit_view.hpp"

#include <algorithm>
#include <sstream>

#include "core/base/figures.hpp"
#include "core/dashboard/chart.hpp"
#include "core/dashboard/wording.hpp"
#include "core/insight/verdict_text.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostTasks = 50;
constexpr std::size_t kMostDiffLines = 2000;

const char* kind_of(const std::string& row) {
  if (row.rfind("@@", 0) == 0) return "row place";
  if (row.rfind("+++", 0) == 0 || row.rfind("---", 0) == 0) return "row";
  if (row.rfind('+', 0) == 0) return "row added";
  return row.rfind('-', 0) == 0 ? "row removed" : "row";
}

Html side(const std::string& title, const std::string& text) {
  return element(
      "div", {element("h5", title),
              text.empty() ? element("p", {{"class", "empty"}}, "(not kept)") : text_box(text)});
}

Html task_view(const ChangedTask& task) {
  const std::string scores = percent(task.result.baseline) + " → " + percent(task.result.candidate);
  return element(
      "div", {{"class", "task"}},
      {element(
           "h4",
           {element("span", {{"class", task.change() > 0 ? "change gain" : "change loss"}}, scores),
            element("span", task.question)}),
       element(
           "div", {{"class", "sides"}},
           {side("Before", task.baseline_output), side("With the edit", task.candidate_output)})});
}

Html task_group(const std::string& id, const std::string& title,
                const std::vector<ChangedTask>& tasks) {
  if (tasks.empty()) return {};
  Html content = element("summary", title);
  for (std::size_t i = 0; i < std::min(tasks.size(), kMostTasks); ++i)
    content += task_view(tasks[i]);
  if (tasks.size() > kMostTasks)
    content += element("p", {{"class", "soft"}},
                       "The largest " + std::to_string(kMostTasks) + " are shown.");
  return element("details", {{"id", id}}, content);
}

Html changed_tasks_view(const EditOutcome& outcome, const TaskEvidence& evidence) {
  if (outcome.verdict->tasks.empty()) return {};
  std::vector<ChangedTask> won = evidence.changed_tasks(outcome);
  const auto first_loss =
      std::find_if(won.begin(), won.end(), [](const auto& task) { return task.change() < 0; });
  std::vector<ChangedTask> lost(first_loss, won.end());
  won.erase(first_loss, won.end());
  std::reverse(lost.begin(), lost.end());
  const std::size_t same = outcome.verdict->tasks.size() - won.size() - lost.size();
  const std::string id = outcome.edit.id;
  return {element("p", {{"class", "soft"}},
                  "Of " + counted(outcome.verdict->tasks.size(), "task", "tasks") + ": " +
                      std::to_string(won.size()) + " better, " + std::to_string(lost.size()) +
                      " worse, " + std::to_string(same) + " the same."),
          task_group(id + "-won", counted(won.size(), "task won", "tasks won"), won),
          task_group(id + "-lost", counted(lost.size(), "task lost", "tasks lost"), lost)};
}

Html class_deltas(const Verdict& verdict) {
  if (verdict.cluster_deltas.size() < 2) return {};
  Html rows;
  for (const auto& [name, delta] : verdict.cluster_deltas)
    rows += element("tr", {row_head(name), cell(gain(delta), "num")});
  return table("Change by class of question", {column("Class"), column("Change", "num")}, rows);
}

Html measured(const EditOutcome& outcome, const TaskEvidence& evidence) {
  const Verdict& verdict = *outcome.verdict;
  Html content = element("p", delta_text(verdict));
  if (verdict.interval) content += interval_drawing(*verdict.benchmark_delta, *verdict.interval);
  if (outcome.delta_in_company)
    content += element("p", {"Together with the other accepted edits it adds ",
                             gain(outcome.delta_in_company), "."});
  content += class_deltas(verdict);
  content += changed_tasks_view(outcome, evidence);
  content += element("p", {{"class", "soft small"}}, effort_text(outcome));
  return content;
}

}  // namespace

Html diff_view(const std::string& diff) {
  if (diff.empty()) return {};
  Html rows;
  std::istringstream lines(diff);
  std::size_t count = 0;
  for (std::string row; std::getline(lines, row) && count < kMostDiffLines; ++count)
    rows += element("span", {{"class", kind_of(row)}}, row.empty() ? std::string(" ") : row);
  if (count == kMostDiffLines)
    rows += element("span", {{"class", "row place"}}, "… the rest of the diff is not shown");
  return element("div",
                 {{"class", "diff"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", "Diff"}},
                 element("code", rows));
}

Html edit_evidence(const EditOutcome& outcome, const TaskEvidence& evidence) {
  Html content;
  if (outcome.verdict && outcome.verdict->benchmark_delta) content += measured(outcome, evidence);
  content += diff_view(outcome.diff);
  return content;
}

Html edit_heading(const EditOutcome& outcome) {
  Html head{element("h3", outcome.edit.op), badge(outcome.status)};
  if (outcome.verdict && outcome.verdict->benchmark_delta)
    head += gain(outcome.verdict->benchmark_delta);
  head += element("span", {{"class", "soft small"}},
                  {element("code", outcome.edit.id), " · ",
                   std::string(to_string(outcome.edit.tier)), " · ", outcome.edit.target});
  Html content = element("div", {{"class", "edit-head"}}, head);
  if (!outcome.reject_reason.empty()) content += element("p", "Rejected: " + outcome.reject_reason);
  if (!outcome.error.empty()) content += element("p", outcome.error);
  if (outcome.verdict && outcome.status != EditStatus::applied)
    content += element("p", outcome.verdict->reason);
  if (!outcome.edit.rationale.empty())
    content +=
        element("p", {element("span", {{"class", "soft"}}, "Why: "), outcome.edit.rationale});
  if (!outcome.commit.empty())
    content += element(
        "p", {{"class", "soft small"}},
        {"Commit ", element("code", outcome.commit.substr(0, 8)),
         outcome.revert_commit.empty()
             ? Html()
             : Html{", taken back by ", element("code", outcome.revert_commit.substr(0, 8))}});
  return content;
}

Html edit_card(const EditOutcome& outcome, const TaskEvidence& evidence) {
  return element("section", {{"class", "card"}, {"id", outcome.edit.id}},
                 {edit_heading(outcome), edit_evidence(outcome, evidence)});
}

}  // namespace jarvis::dashboard
