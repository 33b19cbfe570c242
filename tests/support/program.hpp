#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace jarvis::testing {

/** How a program ended and what it said. */
struct Finished {
  int status = -1;  ///< exit status; 128 + the signal when one ended it
  std::string out;
  std::string err;

  /** The one JSON document on stdout; throws when it is none. */
  boost::json::object json() const;
};

/** How to start a program. It sees this environment and no other. */
struct Launch {
  std::vector<std::string> words;  ///< path of the program, then its arguments
  std::map<std::string, std::string> environment;
  std::filesystem::path directory;  ///< where it works, and where its output is kept meanwhile
  std::filesystem::path out = {};   ///< a device that takes its stdout, instead of `Finished::out`
};

/** Runs a program to its end, without a shell. Throws when it cannot be started. */
Finished run_program(const Launch& launch);

}  // namespace jarvis::testing
