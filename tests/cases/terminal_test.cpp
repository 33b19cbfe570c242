#include <doctest/doctest.h>

#include "tests/cases/window.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;

namespace {

/** What a command writes when its stdout is a terminal. */
std::string on_terminal(std::map<std::string, std::string> environment,
                        std::vector<std::string> words) {
  const TemporaryDirectory directory;
  environment["HOME"] = directory.path().string();
  words.insert(words.begin(), JARVIS_PROGRAM);
  return run_in_window({words, environment, directory.path()}, 80);
}

bool is_coloured(const std::string& text) {
  return text.find('\x1b') != std::string::npos;
}

}  // namespace

TEST_CASE(
    "terminal: headings are coloured there, unless NO_COLOR, --no-color or the terminal forbid "
    "it") {
  const std::vector<std::string> words{"plugins", "show", "chat"};
  CHECK(is_coloured(on_terminal({{"TERM", "xterm-256color"}}, words)));
  CHECK_FALSE(is_coloured(on_terminal({{"TERM", "xterm-256color"}, {"NO_COLOR", "1"}}, words)));
  CHECK_FALSE(is_coloured(
      on_terminal({{"TERM", "xterm-256color"}}, {"--no-color", "plugins", "show", "chat"})));
  CHECK_FALSE(is_coloured(on_terminal({{"TERM", "dumb"}}, words)));
  CHECK_FALSE(is_coloured(on_terminal({}, words)));
  CHECK_FALSE(is_coloured(
      on_terminal({{"TERM", "xterm-256color"}}, {"--json", "plugins", "show", "chat"})));
}
