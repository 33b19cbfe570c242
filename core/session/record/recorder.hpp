#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/session/record/learning_db.hpp"
#include "core/session/record/review_queue.hpp"
#include "core/session/record/session_store.hpp"

namespace jarvis {

/** Phase 4: makes a session's state durable, at every step and at its end, for failed ones too. */
class Recorder {
 public:
  /** `patience`: how long another program may hold the index. */
  explicit Recorder(const std::filesystem::path& home,
                    std::chrono::milliseconds patience = std::chrono::seconds(5))
      : store_(home), database_(home, patience), queue_(home) {}

  /** session.json first, which is authoritative; then the queue; the index last, rebuilt from all
   *  session.json files when it is missing or broken. A fault of the index is no error: it comes
   * back as a notice in the session. */
  Result<void> record(Session& session) const;

  /** Brings queue and index up to what the sessions say, after a sudden end in between or damage
   * to them; files that cannot be read are set aside. Gives what was mended, and what could not
   * be. */
  Result<std::vector<std::string>> settle(const std::vector<Session>& sessions) const;

  const SessionStore& sessions() const { return store_; }
  const ReviewQueue& queue() const { return queue_; }

 private:
  /** Gives what was mended; empty: nothing. */
  Result<std::string> index(const Session& session) const;
  Result<std::string> rebuild(const Error& fault, const std::vector<Session>& sessions) const;
  Result<bool> settle_queue(const std::vector<Session>& sessions) const;
  Result<std::string> settle_index(const std::vector<Session>& sessions) const;

  SessionStore store_;
  LearningDatabase database_;
  ReviewQueue queue_;
};

}  // namespace jarvis
