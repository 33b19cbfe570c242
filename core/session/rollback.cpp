#include "core/session/rollback.hpp"

#include <algorithm>

#include "core/session/execute/trial.hpp"

namespace jarvis {

namespace {

bool is_applied(const EditOutcome& outcome) {
  return outcome.status == EditStatus::applied && !outcome.commit.empty();
}

/** The applied outcomes, the one committed last first. */
std::vector<EditOutcome*> applied_newest_first(Session& session) {
  std::vector<EditOutcome*> applied;
  for (EditOutcome& outcome : session.outcomes)
    if (is_applied(outcome)) applied.push_back(&outcome);
  std::stable_sort(applied.begin(), applied.end(),
                   [](const EditOutcome* one, const EditOutcome* other) {
                     return one->applied_at < other->applied_at;
                   });
  std::reverse(applied.begin(), applied.end());
  return applied;
}

}  // namespace

Result<Rollback> roll_back(Session session, Checkpoint& checkpoint, const Recorder& recorder) {
  const auto applied = applied_newest_first(session);
  std::vector<std::string> commits;
  std::vector<CommitRequest> messages;
  for (const EditOutcome* outcome : applied) {
    commits.push_back(outcome->commit);
    messages.push_back(revert_request(outcome->edit, session.id));
  }
  std::vector<RevertedCommit> reverted;
  if (!commits.empty()) {
    auto done = checkpoint.revert(commits, messages);
    if (!done) return done.error();
    reverted = std::move(*done);
  }
  Rollback rollback{session.id, {}};
  for (std::size_t i = 0; i < reverted.size(); ++i) {
    applied[i]->status = EditStatus::rolled_back;
    applied[i]->revert_commit = reverted[i].revert_commit;
    rollback.reverted.push_back(
        {applied[i]->edit.id, reverted[i].commit, reverted[i].revert_commit});
  }
  const bool closed = close_queued(session);
  if (reverted.empty() && !closed)
    return Error{ErrorKind::refused,
                 "session '" + session.id + "' has no applied or queued edits to roll back",
                 "see 'jarvis learning history'"};
  session.status = SessionStatus::rolled_back;
  if (auto recorded = recorder.record(session); !recorded) return recorded.error();
  return rollback;
}

bool close_queued(Session& session) {
  bool any = false;
  for (EditOutcome& outcome : session.outcomes) {
    if (outcome.status != EditStatus::pending_review) continue;
    outcome.status = EditStatus::rejected_by_user;
    outcome.reject_reason = "session rolled back";
    any = true;
  }
  return any;
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
