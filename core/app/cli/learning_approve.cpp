#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_view.hpp"
#include "core/app/workshop.hpp"

namespace jarvis {

Result<int> learning_approve(Application& application, const Arguments& arguments, Output& output) {
  if (auto enabled = application.require_enabled(); !enabled) return enabled.error();
  const auto queued = application.recorder().queue().find(arguments.text("edit"));
  if (!queued) return queued.error();
  auto workshop = Workshop::open(application, {"learning approve", std::nullopt, false,
                                               arguments.list("--allow-side-effects")});
  if (!workshop) return workshop.error();
  const auto outcome = (*workshop)->approve(*queued);
  if (!outcome) return outcome.error();
  output.document({{"edit", edit_document(*outcome)}});
  const auto session = application.recorder().sessions().find(queued->session_id);
  if (!session) return session.error();
  print_edit(*outcome, VerdictEvidence(application, *session), output);
  return 0;
}

}  // namespace jarvis
