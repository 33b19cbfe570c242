#pragma once

#include <string>

#include "core/host/isolation/frames.hpp"

namespace jarvis {

/** What a process apart does that was told to `attend`: starts the program of the order in `body`
 * (whose `input`, `seconds` and `most_output_bytes` mean nothing here) and says `ready`, or why it
 * cannot. Then it passes on what the host and the program say to each other, and the lines of its
 * standard error as log lines. When the program ends, the last frame is a failure that says how.
 * When the host is gone or cancels, the program's input is closed; a moment later it and all that
 * it started are ended. */
void attend_program(FrameChannel& channel, const std::string& body);

}  // namespace jarvis
