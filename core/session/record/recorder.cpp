#include "core/session/record/recorder.hpp"

namespace jarvis {

namespace {

/** The queue holds exactly the session's edits that are pending. */
Result<void> update_queue(const ReviewQueue& queue, const Session& session) {
  for (const EditOutcome& outcome : session.outcomes) {
    const QueuedEdit queued{session.id, outcome.edit, outcome.error, outcome.diff, outcome.content_sha256};
    const auto updated =
        outcome.status == EditStatus::pending_review ? queue.add(queued) : queue.remove(queued);
    if (!updated) return updated;
  }
  return {};
}

}  // namespace

Result<void> Recorder::record(Session& session) const {
  if (auto saved = store_.save(session); !saved) return saved;
  if (auto updated = update_queue(queue_, session); !updated) return updated;
  if (auto indexed = database_.put(session); !indexed) {
    session.notices.push_back("not indexed: " + indexed.error().message);
    return store_.save(session);
  }
  return {};
}

}  // namespace jarvis
