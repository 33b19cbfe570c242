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

std::string not_indexed(const Error& error) {
  return "not indexed: " + error.message + (error.hint.empty() ? "" : " (" + error.hint + ")");
}

}  // namespace

Result<void> Recorder::record(Session& session) const {
  if (auto saved = store_.save(session); !saved) return saved;
  if (auto updated = update_queue(queue_, session); !updated) return updated;
  const auto indexed = index(session);
  const std::string notice = indexed ? *indexed : not_indexed(indexed.error());
  if (notice.empty() ||
      std::find(session.notices.begin(), session.notices.end(), notice) != session.notices.end())
    return {};
  session.notices.push_back(notice);
  return store_.save(session);
}

Result<std::vector<std::string>> Recorder::settle(const std::vector<Session>& sessions) const {
  std::vector<std::string> mended = queue_.set_broken_aside();
  const auto queue = settle_queue(sessions);
  if (!queue) return queue.error();
  if (*queue) mended.push_back("brought the review queue up to date");
  const auto indexed = settle_index(sessions);
  const std::string line = indexed ? *indexed : not_indexed(indexed.error());
  if (!line.empty()) mended.push_back(line);
  return mended;
}

Result<bool> Recorder::settle_queue(const std::vector<Session>& sessions) const {
  std::vector<std::string> broken;
  std::set<std::pair<std::string, std::string>> queued;
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
  return mended;
}

Result<std::string> Recorder::settle_index(const std::vector<Session>& sessions) const {
  if (!database_.exists() && sessions.empty()) return std::string();
  const auto outdated = database_.outdated(sessions);
  if (!outdated && outdated.error().kind == ErrorKind::invalid)
    return rebuild(outdated.error(), sessions);
  if (!outdated) return outdated.error();
  if (outdated->empty()) return std::string();
  if (auto put = database_.put(*outdated); !put) return put.error();
  return std::string("brought the index up to date");
}

Result<std::string> Recorder::index(const Session& session) const {
  std::vector<BrokenSession> broken;
  const auto put =
      database_.exists() ? database_.put({session}) : database_.put(store_.list(broken));
  if (put) return std::string();
  if (put.error().kind != ErrorKind::invalid) return put.error();
  return rebuild(put.error(), store_.list(broken));
}

Result<std::string> Recorder::rebuild(const Error& fault,
                                      const std::vector<Session>& sessions) const {
  const auto aside = database_.rebuild(sessions);
  if (!aside) return aside.error();
  return "learning.db could not be used (" + fault.message + "): it is kept as '" +
         aside->filename().string() + "', and a new one was made from the session.json files";
}

}  // namespace jarvis
