#pragma once

namespace jarvis {

/** What a plugin's process does from start to end: reads on `descriptor` which plugin to load,
 * confines itself, then answers one call after the other. When the other end is gone, during a call
 * as well, it ends itself and all that the plugin started. */
[[noreturn]] void serve_plugin(int descriptor);

}  // namespace jarvis
