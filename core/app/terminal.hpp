#pragma once

namespace jarvis {

/** Whether the descriptor is a terminal that understands colours and can write over a line. */
bool is_capable_terminal(int descriptor);

/** The columns of the descriptor's window as it is now, else what COLUMNS says, else 80; never so
 * few that no text would fit. */
int columns_of_terminal(int descriptor);

/** Gives standard input, output and error a descriptor where the caller has closed them: the first
 * file that is opened would take its place, and be written to. */
void open_missing_streams();

}  // namespace jarvis
