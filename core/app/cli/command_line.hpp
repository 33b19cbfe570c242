#pragma once

#include <optional>
#include <string>

#include "core/app/cli/command.hpp"

namespace jarvis {

/** A command line, understood. */
struct Invocation {
  const Command* command = nullptr;  ///< nullptr: `text` is all there is to print
  Arguments arguments;
  std::optional<std::string> home;
  bool json = false;
  bool no_color = false;
  int verbosity = 0;
  std::string text;  ///< help or version
};

/** Reads the command line against the command table. A usage error says what is wrong, what may
 * have been meant and how to get help; `wants_json` is set as far as the words were read. Installed
 * as jarvis-learning the program behaves as `jarvis learning`, but for the names of other commands,
 * which mean the same there: another program may have the name jarvis. */
Result<Invocation> read_command_line(int count, char** words, bool& wants_json);

}  // namespace jarvis
