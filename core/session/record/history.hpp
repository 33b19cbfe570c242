#pragma once

#include <vector>

#include "core/model/past_trial.hpp"
#include "core/session/record/session_store.hpp"

namespace jarvis {

/** All edits of the sessions so far, newest session first, in plan order. Sessions that cannot be
 * read are passed over: `learning history` names them. */
std::vector<PastTrial> past_trials(const SessionStore& sessions);

}  // namespace jarvis
