#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/review_actions.hpp"
#include "core/app/cli/session_view.hpp"

namespace jarvis {

Result<int> learning_approve(Application& application, const Arguments& arguments, Output& output) {
  if (auto enabled = application.require_enabled(); !enabled) return enabled.error();
  const auto queued = application.recorder().queue().find(arguments.text("edit"));
  if (!queued) return queued.error();
  const auto outcome = approve_queued(application, *queued, arguments.list("--allow-side-effects"));
  if (!outcome) return outcome.error();
  output.document({{"edit", edit_document(*outcome)}});
  const auto session = application.recorder().sessions().find(queued->session_id);
  if (!session) return session.error();
  print_edit(*outcome, VerdictEvidence(application.home_path(), application.clock(), *session),
             output);
  return 0;
}

}  // namespace jarvis
