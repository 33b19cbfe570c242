#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>

namespace jarvis {

/** From here on, whatever the calling process starts, directly or not, stays its own: what a parent
 * leaves behind becomes its child. */
void adopt_descendants();

/** Buries the children that ended. Gives the wait status of `wanted` when it is among them. */
std::optional<int> bury_ended(pid_t wanted);

/** Kills all that the calling process started, directly or not, and buries it; gives the wait
 * status of `wanted` when it is among them. `all_gone` is false when something is still there after
 * `patience`. Needs adopt_descendants. */
std::optional<int> end_descendants(pid_t wanted, std::chrono::milliseconds patience,
                                   bool& all_gone);

}  // namespace jarvis
