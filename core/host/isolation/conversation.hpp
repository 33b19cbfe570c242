#pragma once

#include <string>

#include "core/host/isolation/child_process.hpp"
#include "core/host/isolation/frames.hpp"
#include "core/host/plugin.hpp"

namespace jarvis {

/** How a conversation about one call, or about loading, ended. */
enum class Ending {
  answered,    ///< `frame` is the last one
  gone,        ///< the process ended
  overdue,     ///< it took more than its time
  nonsense,    ///< it sent what does not belong here
  not_stopped  ///< it went on after it was asked to stop
};

struct Conversed {
  Ending ending = Ending::gone;
  Frame frame;
};

/** Sends one frame to a plugin's process through its channel and serves what it asks for until it
 * answers. Time that the host spends in services does not count against `own_time`. */
Conversed converse(const ChildProcess& process, FrameChannel& channel, FrameKind kind,
                   const std::string& body, std::chrono::milliseconds own_time,
                   const std::string& id, const CallContext& context);

}  // namespace jarvis
