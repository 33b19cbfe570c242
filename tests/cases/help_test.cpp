#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "core/app/cli/command.hpp"
#include "tests/cases/expectation.hpp"
#include "tests/support/program.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis::testing;

namespace {

Finished help_of(const std::string& path) {
  const TemporaryDirectory directory;
  Launch launch{{JARVIS_PROGRAM}, {{"HOME", directory.path().string()}}, directory.path()};
  std::istringstream words(path);
  for (std::string word; words >> word;) launch.words.push_back(word);
  launch.words.push_back("--help");
  return run_program(launch);
}

/** The texts without the blanks and line breaks that fit them to a page. */
bool says(const std::string& out, const std::string& text) {
  return matches("… " + text + " …", out);
}

}  // namespace

TEST_CASE("help: every command says what it does and names each argument, within 80 columns") {
  for (const jarvis::Command& command : jarvis::command_table()) {
    CAPTURE(command.path);
    const auto finished = help_of(command.path);
    CHECK(finished.status == 0);
    CHECK(finished.err == "");
    CHECK(says(finished.out, command.summary));
    for (const jarvis::Argument& argument : command.arguments) {
      CAPTURE(argument.name);
      CHECK(finished.out.find(argument.name) != std::string::npos);
      CHECK(says(finished.out, argument.help));
    }
    CHECK(wide_line(finished.out) == "");
  }
}

TEST_CASE("help: every group lists its commands") {
  std::set<std::string> groups{""};
  for (const jarvis::Command& command : jarvis::command_table())
    if (const auto blank = command.path.rfind(' '); blank != std::string::npos)
      groups.insert(command.path.substr(0, blank));
  for (const std::string& group : groups) {
    CAPTURE(group);
    const auto finished = help_of(group);
    CHECK(finished.status == 0);
    CHECK(wide_line(finished.out) == "");
    for (const jarvis::Command& command : jarvis::command_table()) {
      if (command.path.rfind(group, 0) != 0) continue;
      std::istringstream rest(command.path.substr(group.size()));
      std::string next;
      rest >> next;
      CHECK(finished.out.find("\n  " + next) != std::string::npos);
    }
  }
}
