#pragma once

namespace jarvis {

/** Forbids the calling process and all that it starts, for good, to leave their session and group,
 * in which they are ended together, and to make sockets other than pairs: they get EPERM. Call it
 * with one thread running. False where the kernel or this machine's kind does not offer it. */
bool forbid_system_calls();

/** As forbid_system_calls, for sockets alone. */
bool forbid_sockets();

}  // namespace jarvis
