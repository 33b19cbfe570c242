#pragma once

#include <string>
#include <vector>

#include "core/model/session.hpp"
#include "core/ports/checkpoint.hpp"
#include "core/ports/clock.hpp"
#include "core/session/record/recorder.hpp"

namespace jarvis {

struct RolledBackEdit {
  std::string edit_id;
  std::string commit;
  std::string revert_commit;  ///< empty: its effect was gone already
};

struct Rollback {
  std::string session_id;
  std::vector<RolledBackEdit> reverted;  ///< newest first
  CheckedIn manual;                      ///< what the user had changed by hand, and keeps
  std::vector<std::string> closed;       ///< edits that waited for review, and do so no more
};

/** Closes the session's queued edits, which the rollback makes pointless; gives their ids. */
std::vector<std::string> close_queued(Session& session);

/** Reverts every edit of a session that is applied now with new commits, newest first, all or none;
 * its edits that still wait for review become rejected_by_user. An edit whose effect is gone
 * already counts as rolled back, without a commit. What the user changed by hand is checked in
 * before and stays. Refused when there is nothing to take back, and for a conflict, with its lines:
 * nothing is changed then. */
Result<Rollback> roll_back(Session session, Checkpoint& checkpoint, const Recorder& recorder);

/** The same for one applied edit; the session's status and its other edits stay as they are. `harm`
 * is why it was found to be harmful, which the record keeps; empty when that is not the reason.
 * refused when the edit is not applied. */
Result<Rollback> roll_back_edit(Session session, const std::string& edit_id, Checkpoint& checkpoint,
                                const Recorder& recorder, const std::string& harm);

/** The newest session with edits that are applied now; not_found when there is none. */
Result<Session> last_applied_session(const Recorder& recorder);

/** The outcome of a queued edit in its session's record. refused when it does not wait for review
 * any more: a queue file that was left behind must not undo what was decided since. */
Result<EditOutcome*> queued_outcome(Session& session, const QueuedEdit& queued);

/** Takes an edit out of the queue for good. */
Result<EditOutcome> reject_edit(const Recorder& recorder, const QueuedEdit& queued,
                                const std::string& reason);

/** A session that awaited review and has nothing left in the queue is completed. */
void settle_status(Session& session);

}  // namespace jarvis
