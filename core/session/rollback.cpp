#include "core/session/rollback.hpp"

#include <algorithm>

#include "core/session/execute/trial.hpp"

namespace jarvis {

namespace {

bool is_applied(const EditOutcome& outcome) {
  return outcome.status == EditStatus::applied && !outcome.commit.empty();
}

/** refused where another program applied an edit without a commit: it would stay. */
Result<std::vector<EditOutcome*>> all_applied(Session& session) {
  std::vector<EditOutcome*> applied;
  for (EditOutcome& outcome : session.outcomes) {
    if (outcome.status != EditStatus::applied) continue;
    if (outcome.commit.empty())
      return Error{ErrorKind::refused,
                   "edit '" + outcome.edit.id + "' of session '" + session.id +
                       "' was applied without a commit that could be taken back",
                   "take it out of the files by hand"};
    applied.push_back(&outcome);
  }
  return applied;
}

/** Takes the outcomes' commits back and marks them; the record is the caller's to write. */
Result<Rollback> take_back(const std::vector<EditOutcome*>& applied, const std::string& session_id,
                           Checkpoint& checkpoint, TakenBack what) {
  Rollback rollback{session_id, {}, {}, {}};
  if (applied.empty()) return rollback;
  std::vector<std::string> commits;
  std::vector<CommitRequest> messages;
  for (const EditOutcome* outcome : applied) {
    commits.push_back(outcome->commit);
    messages.push_back(revert_request(outcome->edit, session_id));
  }
  const auto done = checkpoint.revert(commits, messages, what);
  if (!done) return done.error();
  rollback.manual = done->manual;
  for (const RevertedCommit& reverted : done->commits) {
    const auto found = std::find_if(applied.begin(), applied.end(), [&](const EditOutcome* one) {
      return one->commit == reverted.commit;
    });
    if (found == applied.end()) continue;
    (*found)->status = EditStatus::rolled_back;
    (*found)->revert_commit = reverted.revert_commit;
    rollback.reverted.push_back({(*found)->edit.id, reverted.commit, reverted.revert_commit});
  }
  return rollback;
}

Error nothing_to_roll_back(const Session& session) {
  const bool was_rolled_back = std::any_of(
      session.outcomes.begin(), session.outcomes.end(),
      [](const EditOutcome& outcome) { return outcome.status == EditStatus::rolled_back; });
  const std::string name = "session '" + session.id + "'";
  if (was_rolled_back || session.status == SessionStatus::rolled_back)
    return {ErrorKind::refused, name + " is rolled back already",
            "see 'jarvis learning show " + session.id + "'"};
  return {ErrorKind::refused, name + " has no applied or queued edits to roll back",
          "see 'jarvis learning history'"};
}

}  // namespace

Result<Rollback> roll_back(Session session, Checkpoint& checkpoint, const Recorder& recorder) {
  const auto applied = all_applied(session);
  if (!applied) return applied.error();
  auto rollback = take_back(*applied, session.id, checkpoint, TakenBack::session);
  if (!rollback) return rollback;
  rollback->closed = close_queued(session);
  if (rollback->reverted.empty() && rollback->closed.empty()) return nothing_to_roll_back(session);
  session.status = SessionStatus::rolled_back;
  if (auto recorded = recorder.record(session); !recorded) return recorded.error();
  if (auto known = checkpoint.reverts_recorded(); !known) return known.error();
  return rollback;
}

Result<Rollback> roll_back_edit(Session session, const std::string& edit_id, Checkpoint& checkpoint,
                                const Recorder& recorder, const std::string& harm) {
  const auto found =
      std::find_if(session.outcomes.begin(), session.outcomes.end(),
                   [&](const EditOutcome& outcome) { return outcome.edit.id == edit_id; });
  if (found == session.outcomes.end())
    return Error{ErrorKind::not_found,
                 "edit '" + edit_id + "' is not in the record of session '" + session.id + "'", ""};
  if (!is_applied(*found))
    return Error{
        ErrorKind::refused,
        "edit '" + edit_id + "' is not applied: it is " + std::string(to_string(found->status)),
        "see 'jarvis learning show " + session.id + "'"};
  Session before = session;
  found->harm = harm;
  // Said before: after a sudden end recovery knows of the commit alone.
  if (!harm.empty())
    if (auto recorded = recorder.record(session); !recorded) return recorded.error();
  auto rollback = take_back({&*found}, session.id, checkpoint, TakenBack::edits);
  const auto recorded = recorder.record(rollback ? session : before);
  if (!rollback) return rollback;
  if (!recorded) return recorded.error();
  if (auto known = checkpoint.reverts_recorded(); !known) return known.error();
  return rollback;
}

std::vector<std::string> close_queued(Session& session) {
  std::vector<std::string> closed;
  for (EditOutcome& outcome : session.outcomes) {
    if (outcome.status != EditStatus::pending_review) continue;
    outcome.status = EditStatus::rejected_by_user;
    outcome.reject_reason = kSessionRolledBack;
    closed.push_back(outcome.edit.id);
  }
  return closed;
}

void settle_status(Session& session) {
  if (session.status != SessionStatus::awaiting_review) return;
  const bool waits =
      std::any_of(session.outcomes.begin(), session.outcomes.end(),
                  [](const auto& outcome) { return outcome.status == EditStatus::pending_review; });
  if (!waits) session.status = SessionStatus::completed;
}

Result<Session> last_applied_session(const Recorder& recorder) {
  std::vector<BrokenSession> broken;
  for (Session& session : recorder.sessions().list(broken))
    if (std::any_of(session.outcomes.begin(), session.outcomes.end(), is_applied)) return session;
  return Error{ErrorKind::not_found, "no session has applied edits",
               "see 'jarvis learning history'"};
}

Result<EditOutcome*> queued_outcome(Session& session, const QueuedEdit& queued) {
  const auto found =
      std::find_if(session.outcomes.begin(), session.outcomes.end(),
                   [&](const auto& outcome) { return outcome.edit.id == queued.edit.id; });
  if (found == session.outcomes.end())
    return Error{
        ErrorKind::not_found,
        "edit '" + queued.edit.id + "' is not in the record of session '" + session.id + "'", ""};
  if (found->status != EditStatus::pending_review)
    return Error{ErrorKind::refused,
                 "edit '" + queued.edit.id + "' does not wait for review any more: it is " +
                     std::string(to_string(found->status)),
                 "remove its file from learning/pending_review"};
  return &*found;
}

Result<EditOutcome> reject_edit(const Recorder& recorder, const QueuedEdit& queued,
                                const std::string& reason) {
  auto session = recorder.sessions().find(queued.session_id);
  if (!session) return session.error();
  const auto outcome = queued_outcome(*session, queued);
  if (!outcome) return outcome.error();
  (*outcome)->status = EditStatus::rejected_by_user;
  (*outcome)->reject_reason = reason;
  settle_status(*session);
  if (auto recorded = recorder.record(*session); !recorded) return recorded.error();
  return **outcome;
}

}  // namespace jarvis
