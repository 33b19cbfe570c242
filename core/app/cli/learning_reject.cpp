#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/holding.hpp"
#include "core/session/rollback.hpp"

namespace jarvis {

Result<int> learning_reject(Application& application, const Arguments& arguments, Output& output) {
  const auto lock = hold_home(application, "learning reject");
  if (!lock) return lock.error();
  const auto queued = application.recorder().queue().find(arguments.text("edit"));
  if (!queued) return queued.error();
  const auto outcome = reject_edit(application.recorder(), *queued, arguments.text("--reason"));
  if (!outcome) return outcome.error();
  output.document({{"edit", edit_document(*outcome)}});
  output.line("Rejected " + outcome->edit.id + ".");
  return 0;
}

}  // namespace jarvis
