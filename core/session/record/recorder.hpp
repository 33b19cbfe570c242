#pragma once

#include <string>

#include "core/session/record/learning_db.hpp"
#include "core/session/record/review_queue.hpp"
#include "core/session/record/session_store.hpp"

namespace jarvis {

/** Phase 4: makes a session's state durable, at every step and at its end, for failed ones too. */
class Recorder {
 public:
  explicit Recorder(const std::filesystem::path& home)
      : store_(home), database_(home), queue_(home) {}

  /** session.json first, which is authoritative; then the queue; the index last, rebuilt from all
   *  session.json files when it is missing. A fault of the index is no error: it comes back as a
   * notice in the session. */
  Result<void> record(Session& session) const;

  /** Brings queue and index up to what the sessions say, after a sudden end in between. True when
   * something was mended. */
  Result<bool> settle(const std::vector<Session>& sessions) const;

  const SessionStore& sessions() const { return store_; }
  const ReviewQueue& queue() const { return queue_; }

 private:
  Result<void> index(const Session& session) const;

  SessionStore store_;
  LearningDatabase database_;
  ReviewQueue queue_;
};

}  // namespace jarvis
