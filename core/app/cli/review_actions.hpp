#pragma once

#include <string>
#include <vector>

#include "core/app/application.hpp"
#include "core/session/record/review_queue.hpp"

namespace jarvis {

/** A queued edit that was tried before and left undecided. */
struct QueuedTrial {
  Session session;
  EditOutcome outcome;
};

/** Nothing where it was never measured. */
std::optional<QueuedTrial> trial_of(const Application& application, const QueuedEdit& queued);

/** Tries a queued edit through the gate, and applies it where it helps. Takes the home's lock for
 * the time. cancelled when the user stopped it: the edit stays in the queue. */
Result<EditOutcome> approve_queued(Application& application, const QueuedEdit& queued,
                                   const std::vector<std::string>& allowed_tools);

/** Drops a queued edit. Takes the home's lock for the time. */
Result<EditOutcome> reject_queued(Application& application, const std::string& edit,
                                  const std::string& reason);

}  // namespace jarvis
