#include "core/host/isolation/companion.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include "core/host/plugin_host.hpp"

namespace jarvis {

Result<Companion> start_companion() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{ErrorKind::unavailable, "no socket for a process apart: too many open files", ""};
  FrameChannel channel(ends[0]);
  auto process =
      ChildProcess::start(built_in_plugins().parent_path() / "jarvis-plugin-host", ends[1]);
  ::close(ends[1]);
  if (!process) return process.error();
  return Companion{std::move(*process), std::move(channel)};
}

}  // namespace jarvis
