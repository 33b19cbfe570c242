#pragma once

#include <string>

#include "core/model/session.hpp"
#include "core/ports/privacy.hpp"

namespace jarvis {

/** The session with every text in it that somebody else has written redacted. Ids, times, states
 * and figures, which are the program's own, stay. */
Session redacted(Session session, Privacy& privacy);

/** A unified diff, redacted also where a secret goes over lines. */
std::string redacted_diff(const std::string& diff, Privacy& privacy);

/** A line of steps.jsonl. */
json::object redacted_step(const json::object& step, Privacy& privacy);

}  // namespace jarvis
