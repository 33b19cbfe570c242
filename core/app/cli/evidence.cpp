#include "core/app/cli/evidence.hpp"

#include <algorithm>
#include <cstdio>

#include "core/app/cli/documents.hpp"
#include "core/base/json_text.hpp"
#include "core/insight/verdict_text.hpp"
#include "core/session/record/outcome_json.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostShown = 3;  ///< of the gains, and of the losses
constexpr std::size_t kQuestionShown = 120;
constexpr std::size_t kAnswerShown = 160;

std::string two_digits(double score) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", score);
  return text;
}

/** The end of an answer says more than its beginning: that is where the result stands. */
std::string end_of(const std::string& answer) {
  if (answer.empty()) return "(not kept)";
  return last_part(visible(answer), kAnswerShown);
}

void print_task(const ChangedTask& task, const Output& output) {
  output.line("      " + two_digits(*task.result.baseline) + " → " +
              two_digits(*task.result.candidate) + "  " +
              shortened(visible(task.question), kQuestionShown));
  output.line("        before  " + end_of(task.baseline_output));
  output.line("        after   " + end_of(task.candidate_output));
}

void print_tasks(const std::string& title, const std::vector<ChangedTask>& tasks,
                 const Output& output) {
  if (tasks.empty()) return;
  const std::size_t shown = std::min(tasks.size(), kMostShown);
  output.line("    " + title +
              (shown < tasks.size() ? " (the largest " + std::to_string(shown) + ")" : ""));
  for (std::size_t i = 0; i < shown; ++i) print_task(tasks[i], output);
}

}  // namespace

void print_evidence(const EditOutcome& outcome, const VerdictEvidence& evidence,
                    const Output& output) {
  if (!outcome.verdict || !outcome.verdict->benchmark_delta || output.json()) return;
  const Verdict& verdict = *outcome.verdict;
  output.line("    measured: " + delta_text(verdict));
  if (outcome.delta_in_company)
    output.line("    together with the other accepted edits it adds " +
                points(*outcome.delta_in_company) + " points");
  std::string clusters;
  for (const auto& [name, delta] : verdict.cluster_deltas)
    clusters += (clusters.empty() ? "" : ", ") + name + " " + points(delta);
  if (verdict.cluster_deltas.size() > 1) output.line("    by class: " + clusters);
  output.line("    " + effort_text(outcome));
  std::vector<ChangedTask> won = evidence.changed_tasks(outcome);
  const auto first_loss = std::find_if(won.begin(), won.end(),
                                       [](const ChangedTask& task) { return task.change() < 0; });
  std::vector<ChangedTask> lost(first_loss, won.end());
  won.erase(first_loss, won.end());
  std::reverse(lost.begin(), lost.end());
  if (verdict.tasks.empty()) return;
  output.line("    tasks: " + std::to_string(won.size()) + " better, " +
              std::to_string(lost.size()) + " worse, " +
              std::to_string(verdict.tasks.size() - won.size() - lost.size()) + " the same");
  print_tasks("better", won, output);
  print_tasks("worse", lost, output);
}

json::array changed_tasks_document(const EditOutcome& outcome, const VerdictEvidence& evidence) {
  json::array documents;
  for (const ChangedTask& task : evidence.changed_tasks(outcome)) {
    json::object document = to_json(task.result);
    document["question"] = task.question;
    document["baseline_output"] = task.baseline_output;
    document["candidate_output"] = task.candidate_output;
    documents.push_back(std::move(document));
  }
  return documents;
}

json::object document_with_evidence(const Session& session, const std::string& diagnosis,
                                    const VerdictEvidence& evidence) {
  json::object document = session_document(session, diagnosis);
  json::array& edits = document["edits"].as_array();
  for (std::size_t i = 0; i < edits.size(); ++i)
    edits[i].as_object()["changed_tasks"] = changed_tasks_document(session.outcomes[i], evidence);
  return document;
}

}  // namespace jarvis
