#pragma once

namespace jarvis {

/** The whole program: reads the command line, runs one command and gives the exit status. */
int run_program(int count, char** words);

}  // namespace jarvis
