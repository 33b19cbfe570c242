#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/model/plan.hpp"
#include "core/session/execute/trial.hpp"

namespace jarvis {

/** What execute hands on. It is filled as it goes, so that what was done is known after a failure.
 */
struct Execution {
  std::vector<EditOutcome> outcomes;  ///< one for each edit of the plan, in its order
  std::optional<BenchmarkSnapshot> before;
  std::optional<BenchmarkSnapshot> after;  ///< nothing: no edit was applied
  std::optional<WholeChange> whole;        ///< with two or more accepted edits
};

/** Phase 3: validates every edit, tries those that may be tried by themselves, queues the rest. An
 * error (dirty, cancelled, io) ends it; the edits that were not reached are skipped with that
 * reason. `decided` is called after each edit, and before one that the gate accepted is committed.
 * An execution that holds outcomes already is gone on with: what it reached is left as it is. */
Result<void> execute(const Plan& plan, Autonomy autonomy, Trial& trial, Execution& execution,
                     const std::function<Result<void>(const EditOutcome&)>& decided);

/** The outcome of an edit that the session has not come to. */
EditOutcome not_reached(const Edit& edit);

/** Whether an edit is tried without a person's approval. */
bool is_tried_unasked(const Edit& edit, Autonomy autonomy);

}  // namespace jarvis
