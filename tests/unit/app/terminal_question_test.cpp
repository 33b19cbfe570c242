#include "core/app/cli/terminal_question.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/support/temporary_directory.hpp"

using namespace jarvis;

namespace {

const std::vector<std::string> kWords{"approve", "reject", "skip", "open", "quit"};

}  // namespace

TEST_CASE("question: a word or any beginning of it is understood, and nothing else") {
  CHECK(meant_word("a", kWords) == "approve");
  CHECK(meant_word("REJ", kWords) == "reject");
  CHECK(meant_word("quit", kWords) == "quit");
  CHECK(meant_word("", kWords) == "");
  CHECK(meant_word("approved", kWords) == "");
  CHECK(meant_word("y", kWords) == "");
}

TEST_CASE("viewer: sees the text in a file of that name, which goes with it") {
  const testing::TemporaryDirectory directory;
  ::setenv("VISUAL", ("cp -t '" + directory.path().string() + "'").c_str(), 1);
  CHECK(show_in_viewer("edit-1.diff", "+new\n") == "");
  CHECK(directory.read("edit-1.diff") == "+new\n");
  ::setenv("VISUAL", "false", 1);
  CHECK(show_in_viewer("edit-1.diff", "+new\n") == "'false' failed");
  ::unsetenv("VISUAL");
}
