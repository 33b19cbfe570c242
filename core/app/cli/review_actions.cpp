#include "core/app/cli/review_actions.hpp"

#include "core/app/holding.hpp"
#include "core/app/watching.hpp"
#include "core/app/workshop.hpp"
#include "core/session/rollback.hpp"

namespace jarvis {

std::optional<QueuedTrial> trial_of(const Application& application, const QueuedEdit& queued) {
  auto session = application.recorder().sessions().find(queued.session_id);
  if (!session) return std::nullopt;
  for (const EditOutcome& outcome : session->outcomes)
    if (outcome.edit.id == queued.edit.id && outcome.verdict) return QueuedTrial{*session, outcome};
  return std::nullopt;
}

Result<EditOutcome> approve_queued(Application& application, const QueuedEdit& queued,
                                   const std::vector<std::string>& allowed_tools) {
  watch_first(application);
  // An edit that was approved before may have changed it.
  if (application.config_changed()) application.forget_settings();
  if (auto enabled = application.require_enabled(); !enabled) return enabled.error();
  auto workshop =
      Workshop::open(application, {"learning approve", std::nullopt, false, allowed_tools});
  if (!workshop) return workshop.error();
  auto outcome = (*workshop)->approve(queued);
  if (outcome || outcome.error().kind != ErrorKind::cancelled) return outcome;
  return Error{ErrorKind::cancelled, outcome.error().message, "the edit stays in the queue"};
}

Result<EditOutcome> reject_queued(Application& application, const std::string& edit,
                                  const std::string& reason) {
  const auto lock = hold_home(application, "learning reject");
  if (!lock) return lock.error();
  const auto queued = application.recorder().queue().find(edit);
  if (!queued) return queued.error();
  return reject_edit(application.recorder(), *queued, reason);
}

}  // namespace jarvis
