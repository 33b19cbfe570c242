#pragma once

#include <string>
#include <vector>

#include "core/app/cli/command.hpp"

namespace jarvis {

// Scripts that have a shell complete the command line. All of them come from the command table; the
// ids they ask the program for when they are wanted: 'jarvis completion ids KIND'.

std::string bash_script();
std::string zsh_script();
std::string fish_script();

/** A place of the command line: the program itself (""), a group, or a command. */
struct Place {
  std::string path;
  std::vector<std::pair<std::string, std::string>> names;  ///< what goes on below, with its summary
  std::vector<Argument> arguments;                         ///< the global options among them
};

/** Every place, the program itself first. */
std::vector<Place> places();

/** "session" and so on, where ids are completed by asking the program; else empty. */
std::string id_kind(const Argument& argument);

/** "-s" and "--score" of "-s,--score". */
std::vector<std::string> spellings(const Argument& option);

}  // namespace jarvis
