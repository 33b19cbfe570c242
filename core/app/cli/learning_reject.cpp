#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/review_actions.hpp"

namespace jarvis {

Result<int> learning_reject(Application& application, const Arguments& arguments, Output& output) {
  const auto outcome =
      reject_queued(application, arguments.text("edit"), arguments.text("--reason"));
  if (!outcome) return outcome.error();
  output.document({{"edit", edit_document(*outcome)}});
  output.line("Rejected " + outcome->edit.id + ".");
  return 0;
}

}  // namespace jarvis
