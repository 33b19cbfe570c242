#include "core/app/application.hpp"
#include "core/app/checked_in.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/holding.hpp"
#include "core/session/rollback.hpp"

namespace jarvis {

Result<int> learning_rollback(Application& application, const Arguments& arguments,
                              Output& output) {
  if (arguments.has("session") == arguments.has("--last"))
    return Error{ErrorKind::usage, "give a session or --last, one of the two",
                 "see 'jarvis learning history'"};
  // First the lock: what is read before it may change until it is held.
  const auto lock = hold_home(application, "learning rollback");
  if (!lock) return lock.error();
  auto session = arguments.has("--last")
                     ? last_applied_session(application.recorder())
                     : application.recorder().sessions().find(arguments.text("session"));
  if (!session) return session.error();
  const auto done =
      roll_back(std::move(*session), application.checkpoint(), application.recorder());
  if (!done) return done.error();
  output.document(rollback_document(*done));
  if (!done->manual.commit.empty()) application.progress().step(notice_of(done->manual));
  output.line("Rolled back " + done->session_id + ".");
  for (const RolledBackEdit& edit : done->reverted)
    output.line("  " + edit.edit_id + ": commit " + edit.commit.substr(0, 8) +
                (edit.revert_commit.empty() ? " was taken back already, no new commit was needed"
                                            : " taken back by " + edit.revert_commit.substr(0, 8)));
  for (const std::string& edit : done->closed)
    output.line("  " + edit + ": waited for review, and is closed; it may be proposed again");
  return 0;
}

}  // namespace jarvis
