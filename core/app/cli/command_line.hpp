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

/** Reads the command line against the command table. A usage error says what is wrong and how to
 * get help; `json` is set in it as far as it was read, through `wants_json`. Installed as
 * jarvis-learning the program behaves as `jarvis learning`. */
Result<Invocation> read_command_line(int count, char** words, bool& wants_json);

}  // namespace jarvis
