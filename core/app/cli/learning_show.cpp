#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_export.hpp"
#include "core/app/cli/session_view.hpp"
#include "core/home/live_home.hpp"

namespace jarvis {

Result<int> learning_show(Application& application, const Arguments& arguments, Output& output) {
  const auto session = application.recorder().sessions().find(arguments.text("session"));
  if (!session) return session.error();
  if (wants_session_files(arguments))
    return write_session_files(application, *session, arguments, output);
  const std::string diagnosis = diagnosis_of(application.home(), *session);
  const VerdictEvidence evidence(application.home_path(), application.clock(), *session);
  if (output.json()) output.document(document_with_evidence(*session, diagnosis, evidence));
  print_session(*session, evidence, output);
  if (!diagnosis.empty()) {
    output.line();
    output.heading("Diagnosis");
    output.verbatim(diagnosis);
  }
  return 0;
}

}  // namespace jarvis
