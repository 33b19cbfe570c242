#pragma once

#include <string>
#include <vector>

#include "core/model/past_trial.hpp"

namespace jarvis {

/** What the planner is told of earlier sessions: the newest 30 edits, each with what it was, what
 * became of it and why. Empty when there are none. `past` is newest first. */
std::string history_text(const std::vector<PastTrial>& past);

}  // namespace jarvis
