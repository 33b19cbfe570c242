#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

Result<int> learning_review(Application& application, const Arguments&, Output& output) {
  std::vector<std::string> broken;
  const auto queue = application.recorder().queue().list(broken);
  json::array rows;
  for (const QueuedEdit& queued : queue) rows.push_back(queue_row(queued));
  output.document({{"pending", std::move(rows)}, {"unreadable", json::value_from(broken)}});
  if (queue.empty()) output.line("Nothing waits for review.");
  for (const QueuedEdit& queued : queue) {
    output.heading(queued.edit.id + "  " + queued.edit.op + "  [" +
                   std::string(to_string(queued.edit.tier)) + "]");
    output.line("    from " + queued.session_id);
    output.line("    " + queued.reason);
    if (!queued.edit.rationale.empty()) output.line("    why: " + queued.edit.rationale);
    output.diff(queued.diff);
  }
  if (!queue.empty())
    output.line(
        "Try one with 'jarvis learning approve EDIT', drop it with 'jarvis learning reject EDIT'.");
  for (const std::string& reason : broken) output.line("unreadable: " + reason);
  return 0;
}

}  // namespace jarvis
