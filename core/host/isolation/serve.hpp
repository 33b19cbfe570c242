#pragma once

namespace jarvis {

/** What a plugin's process does from start to end: reads on `descriptor` which plugin to load,
 * confines itself, then answers one call after the other until the other end is gone. Gives the
 * process' exit status. When the host dies during a call the process ends itself. */
int serve_plugin(int descriptor);

}  // namespace jarvis
