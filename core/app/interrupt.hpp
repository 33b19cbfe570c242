#pragma once

namespace jarvis {

/** From here on SIGINT and SIGTERM ask the running session to stop; a second one ends the program
 * as usual. SIGPIPE is ignored: a closed pipe is an error of that write and no more. */
void catch_interrupts();

/** Whether somebody asked to stop. Safe to call from any thread. */
bool interrupted();

}  // namespace jarvis
