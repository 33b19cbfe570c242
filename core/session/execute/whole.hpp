#pragma once

#include <optional>
#include <vector>

#include "core/session/execute/trial.hpp"

namespace jarvis {

/** Measures the accepted edits of a session together: the present state against the one that the
 * first of them was tried on, and, for each, the state after it against the one before. A trial's
 * own delta is the best of what the gate looked at, so that it flatters the winner; these come
 * from fresh runs of every state, most of them recorded when that state was the base of the next
 * trial. Fills in `delta_in_company`.
 *
 *  Nothing where fewer than two edits were accepted, or where the states do not follow upon one
 * another. What the budget does not pay for, or hand-made changes prevent, is said in the result;
 * other errors as of Trial::measure. `after` becomes what the fresh runs say of the present state.
 */
Result<std::optional<WholeChange>> measure_whole(Trial& trial, std::vector<EditOutcome>& outcomes,
                                                 std::optional<BenchmarkSnapshot>& after);

}  // namespace jarvis
