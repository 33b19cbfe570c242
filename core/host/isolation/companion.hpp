#pragma once

#include "core/host/isolation/child_process.hpp"
#include "core/host/isolation/frames.hpp"

namespace jarvis {

/** A process of the program that stands beside the folder of plugins, and this end of the socket to
 * it. It does what its first frame says: run a plugin (`open`) or a program (`run`,
 * `attend`). */
struct Companion {
  ChildProcess process;
  FrameChannel channel;
};

Result<Companion> start_companion();

}  // namespace jarvis
