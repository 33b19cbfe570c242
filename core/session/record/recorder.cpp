#include "core/session/record/recorder.hpp"

#include <algorithm>
#include <set>

namespace jarvis {

namespace {

/** The queue holds exactly the session's edits that are pending. */
Result<void> update_queue(const ReviewQueue& queue, const Session& session) {
  for (const EditOutcome& outcome : session.outcomes) {
    const QueuedEdit queued{session.id, outcome.edit, outcome.error, outcome.diff,
                            outcome.content_sha256};
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
  const auto indexed = index(session);
  if (indexed) return {};
  const std::string notice =
      "not indexed: " + indexed.error().message + " (" + indexed.error().hint + ")";
  if (std::find(session.notices.begin(), session.notices.end(), notice) != session.notices.end())
    return {};
  session.notices.push_back(notice);
  return store_.save(session);
}

Result<bool> Recorder::settle(const std::vector<Session>& sessions) const {
  std::vector<std::string> broken;
  std::set<std::pair<std::string, std::string>> queued, pending;
  for (const QueuedEdit& edit : queue_.list(broken)) queued.emplace(edit.session_id, edit.edit.id);
  bool mended = false;
  for (const Session& session : sessions)
    for (const EditOutcome& outcome : session.outcomes) {
      const bool is_queued = queued.count({session.id, outcome.edit.id}) != 0;
      if (is_queued == (outcome.status == EditStatus::pending_review)) continue;
      if (auto updated = update_queue(queue_, session); !updated) return updated.error();
      mended = true;
      break;
    }
  if (database_.exists() || sessions.empty()) return mended;
  if (auto indexed = database_.put(sessions); !indexed) return indexed.error();
  return true;
}

Result<void> Recorder::index(const Session& session) const {
  if (database_.exists()) return database_.put({session});
  std::vector<BrokenSession> broken;
  return database_.put(store_.list(broken));
}

}  // namespace jarvis
