#pragma once

namespace jarvis {

/** What a process apart does from start to end: reads on `descriptor` which plugin to load,
 * confines itself, then answers one call after the other; or runs the one program that it is told
 * (process/keeper.hpp). When the other end is gone, during a call
 * as well, it ends itself and all that the plugin started. */
[[noreturn]] void serve_plugin(int descriptor);

}  // namespace jarvis
