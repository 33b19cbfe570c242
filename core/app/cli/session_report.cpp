#include "core/app/cli/session_report.hpp"

#include "core/app/cli/command.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/session_view.hpp"
#include "core/home/live_home.hpp"

namespace jarvis {

int report_session(const Application& application, const Session& session, const Output& output) {
  // Without the texts of tasks and answers: what a run says is often kept in somebody's log.
  output.document(session_document(session, diagnosis_of(application.home(), session)));
  print_session(session, VerdictEvidence(application.home_path(), application.clock(), session),
                output);
  if (session.status == SessionStatus::awaiting_review)
    output.line("Edits wait for you: 'jarvis learning review'.");
  if (session.error.empty()) return 0;
  const bool dirty = session.error_code == to_string(ErrorKind::dirty);
  const Error failure{dirty ? ErrorKind::dirty : ErrorKind::internal, session.error,
                      session.error_hint};
  return output.json() ? exit_status(failure.kind) : output.error(failure);
}

}  // namespace jarvis
