#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/examples/page.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

namespace jarvis::testing {

/** Somebody who types what a page says: in one shell, with an empty home directory of their own. */
struct Reader {
  Reader();

  /** Takes all steps and checks that they succeed and print what the page (named for messages) says
   * that they print. */
  void follow(const std::string& page, const std::vector<Step>& steps);
  Finished run(const std::string& script);

  TemporaryDirectory directory;  ///< their home directory, where the shell begins
  Launch launch;
};

}  // namespace jarvis::testing
