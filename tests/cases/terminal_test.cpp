#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;

namespace {

/** What a command writes when its stdout is a terminal. */
std::string on_terminal(std::map<std::string, std::string> environment,
                        std::vector<std::string> words) {
  const TemporaryDirectory directory;
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  REQUIRE(terminal >= 0);
  REQUIRE(::grantpt(terminal) == 0);
  REQUIRE(::unlockpt(terminal) == 0);
  // Somebody must hold the other end, or what was written goes with the child.
  const int other_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  environment["HOME"] = directory.path().string();
  words.insert(words.begin(), JARVIS_PROGRAM);
  Launch launch{words, environment, directory.path()};
  launch.out = ::ptsname(terminal);
  REQUIRE(run_program(launch).status == 0);
  std::string text(4096, '\0');
  const ssize_t count = ::read(terminal, text.data(), text.size());
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  ::close(other_end);
  ::close(terminal);
  return text;
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
  CHECK_FALSE(is_coloured(
      on_terminal({{"TERM", "xterm-256color"}}, {"--json", "plugins", "show", "chat"})));
}
