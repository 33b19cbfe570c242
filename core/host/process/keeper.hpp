#pragma once

#include <string>

#include "core/host/isolation/frames.hpp"

namespace jarvis {

/** What a process apart does that was told to `run`: runs the program of the order in `body`, ends
 * all that it started and answers with a report, or with a failure when it could not be started. A
 * cancel, and the end of the host, end the program. */
void keep_program(FrameChannel& channel, const std::string& body);

}  // namespace jarvis
