#include "core/app/cli/commands.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/session_report.hpp"
#include "core/app/session_start.hpp"
#include "core/app/workshop.hpp"
#include "core/session/session.hpp"

namespace jarvis {

namespace {

/** The session that was named, else the newest one that was interrupted. */
Result<Session> wanted_session(Application& application, const Arguments& arguments) {
  const SessionStore& sessions = application.recorder().sessions();
  if (arguments.has("session")) return sessions.find(arguments.text("session"));
  std::vector<BrokenSession> broken;
  for (Session& session : sessions.list(broken))
    if (is_interrupted(session)) return std::move(session);
  return Error{ErrorKind::not_found, "no session was interrupted", "see 'jarvis learning history'"};
}

}  // namespace

Result<int> learning_resume(Application& application, const Arguments& arguments, Output& output) {
  auto workshop = Workshop::open(application, {"learning resume", std::nullopt, false,
                                               arguments.list("--allow-side-effects")});
  if (!workshop) return workshop.error();
  Workshop& work = **workshop;
  const auto interrupted = wanted_session(application, arguments);
  if (!interrupted) return interrupted.error();
  const auto session = go_on_with(work, *interrupted);
  if (!session) return session.error();
  return report_session(application, *session, output);
}

}  // namespace jarvis
