#pragma once

#include <string>

#include "core/ports/checkpoint.hpp"

namespace jarvis {

/** The text of a commit: a subject of one line and at most 72 characters, the body, and last the
 * trailers. Subject and body come from the teacher: control characters are taken out, and every
 * line that could pass for one of our trailers (Edit-ID, Session-ID, Risk-Tier, in any case) is
 * removed. */
std::string commit_message(const CommitRequest& request);

}  // namespace jarvis
