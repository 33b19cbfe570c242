#include <optional>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/evidence.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

namespace {

/** A queued edit that was tried and left undecided. */
struct QueuedTrial {
  Session session;
  EditOutcome outcome;
};

std::optional<QueuedTrial> trial_of(const Application& application, const QueuedEdit& queued) {
  auto session = application.recorder().sessions().find(queued.session_id);
  if (!session) return std::nullopt;
  for (const EditOutcome& outcome : session->outcomes)
    if (outcome.edit.id == queued.edit.id && outcome.verdict) return QueuedTrial{*session, outcome};
  return std::nullopt;
}

json::object row_of(const Application& application, const QueuedEdit& queued) {
  json::object row = queue_row(queued);
  const auto tried = trial_of(application, queued);
  row["trial"] = tried ? json::value(edit_document(tried->outcome)) : json::value(nullptr);
  if (tried)
    row["trial"].as_object()["changed_tasks"] =
        changed_tasks_document(tried->outcome, VerdictEvidence(application, tried->session));
  return row;
}

}  // namespace

Result<int> learning_review(Application& application, const Arguments&, Output& output) {
  std::vector<std::string> broken;
  const auto queue = application.recorder().queue().list(broken);
  json::array rows;
  for (const QueuedEdit& queued : queue) rows.push_back(row_of(application, queued));
  output.document({{"pending", std::move(rows)}, {"unreadable", json::value_from(broken)}});
  if (queue.empty()) output.line("Nothing waits for review.");
  for (const QueuedEdit& queued : queue) {
    output.heading(queued.edit.id + "  " + queued.edit.op + "  [" +
                   std::string(to_string(queued.edit.tier)) + "]");
    output.line("    from " + queued.session_id);
    output.line("    " + queued.reason);
    if (!queued.edit.rationale.empty()) output.line("    why: " + queued.edit.rationale);
    if (const auto tried = trial_of(application, queued))
      print_evidence(tried->outcome, VerdictEvidence(application, tried->session), output);
    output.diff(queued.diff);
  }
  if (!queue.empty())
    output.line(
        "Try one with 'jarvis learning approve EDIT', drop it with 'jarvis learning reject EDIT'.");
  for (const std::string& reason : broken) output.line("unreadable: " + reason);
  return 0;
}

}  // namespace jarvis
