#include <unistd.h>

#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/evidence.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/review_actions.hpp"
#include "core/app/cli/review_walk.hpp"
#include "core/app/interrupt.hpp"
#include "core/app/terminal.hpp"

namespace jarvis {

namespace {

constexpr int kEndedByInterrupt = 130;  ///< as a shell has it

json::object row_of(const Application& application, const QueuedEdit& queued) {
  json::object row = queue_row(queued);
  const auto tried = trial_of(application, queued);
  row["trial"] = tried ? json::value(edit_document(tried->outcome)) : json::value(nullptr);
  if (tried)
    row["trial"].as_object()["changed_tasks"] = changed_tasks_document(
        tried->outcome,
        VerdictEvidence(application.home_path(), application.clock(), tried->session));
  return row;
}

bool can_ask(const Arguments& arguments, const Output& output) {
  return !output.json() && !arguments.has("--list") && ::isatty(STDIN_FILENO) &&
         is_capable_terminal(STDOUT_FILENO);
}

}  // namespace

Result<int> learning_review(Application& application, const Arguments& arguments, Output& output) {
  std::vector<std::string> broken;
  const auto queue = application.recorder().queue().list(broken);
  json::array rows;
  if (output.json())
    for (const QueuedEdit& queued : queue) rows.push_back(row_of(application, queued));
  output.document({{"pending", std::move(rows)}, {"unreadable", json::value_from(broken)}});
  for (const std::string& reason : broken) output.line("unreadable: " + reason);
  if (queue.empty()) {
    output.line("Nothing waits for review.");
  } else if (can_ask(arguments, output)) {
    walk_through(application, queue, arguments.list("--allow-side-effects"), output);
  } else {
    for (const QueuedEdit& queued : queue) print_queued(application, queued, output);
    output.line(
        "Try one with 'jarvis learning approve EDIT', drop it with 'jarvis learning reject EDIT'.");
  }
  return interrupted() ? kEndedByInterrupt : 0;
}

}  // namespace jarvis
