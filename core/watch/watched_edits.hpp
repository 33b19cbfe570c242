#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/model/session.hpp"
#include "core/ports/trace_reader.hpp"
#include "core/watch/feedback_comparison.hpp"

namespace jarvis {

struct WatchedEdit {
  std::string session_id;
  std::string edit_id;
};

/** What the feedback says of edits that can only be judged together. */
struct WatchFinding {
  std::vector<WatchedEdit> edits;  ///< the one that was applied last first
  FeedbackComparison feedback;
  std::string harm;   ///< what was recorded of them before; empty: nothing
  bool told = false;  ///< and a notice of their sessions says it

  /** A fall that nobody was told of, or that was not dealt with to the end. */
  bool is_new() const { return harm.empty() ? feedback.is_credible : !told; }
};

/** The commits that took edits back; session.json does not say when. */
std::vector<std::string> revert_commits(const std::vector<Session>& sessions);

/** Compares the feedback since the edits that were applied last with that from before them, and the
 * same for edits that are applied although they were named before. Reads a few thousand ratings at
 * most, whatever the size of the store.
 *
 * Edits with fewer than kLeastRatings ratings between them are judged together; no single one of
 * them was judged before, so that each edit is judged once. Only what began after the last of them
 * and before the next change counts as after; only what began since the change before the first of
 * them counts as before. A change is an edit that was applied, or taken back; `reverted_at` has the
 * unix seconds of revert_commits(), as far as they are known. Ratings of the judge do not count: it
 * may have become another one. Where every edit is one agent's or one query class's, only the
 * traces of these count.
 *
 * Edits without a time, and times that lie ahead of `now`, are not judged. */
Result<std::vector<WatchFinding>> watch_edits(const std::vector<Session>& sessions,
                                              const std::map<std::string, double>& reverted_at,
                                              const TraceReader& traces, double now);

}  // namespace jarvis
