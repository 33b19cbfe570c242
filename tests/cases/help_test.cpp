#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "core/app/cli/command.hpp"
#include "core/app/cli/command_line.hpp"
#include "tests/cases/case.hpp"
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

/** The words of an example without what belongs to the shell around it: "eval "$(…)"", "| …", ">
 * …".
 */
std::vector<std::string> program_words(std::string line) {
  for (const std::string mark : {" | ", " > ", " < "})
    if (const auto at = line.find(mark); at != std::string::npos) line.resize(at);
  if (const auto at = line.find("$("); at != std::string::npos)
    line = line.substr(at + 2, line.find(')') - at - 2);
  return words_of(line);
}

jarvis::Result<jarvis::Invocation> understood(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  bool wants_json = false;
  return jarvis::read_command_line(static_cast<int>(pointers.size()), pointers.data(), wants_json);
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

TEST_CASE("help: every command shows examples, which the program understands as that command") {
  for (const jarvis::Command& command : jarvis::command_table()) {
    CAPTURE(command.path);
    const auto examples = jarvis::examples_of(command.path);
    REQUIRE(!examples.empty());
    const auto finished = help_of(command.path);
    for (const jarvis::Example& example : examples) {
      CAPTURE(example.line);
      CHECK(says(finished.out, example.line));
      CHECK(says(finished.out, example.does));
      const auto words = program_words(example.line);
      REQUIRE(words.front() == "jarvis");
      const auto invocation = understood(words);
      REQUIRE(invocation);
      REQUIRE(invocation->command);
      CHECK(invocation->command->path == command.path);
    }
  }
}

TEST_CASE(
    "help: under its other name the program is 'jarvis learning', and knows the other commands") {
  for (const auto& [words, path] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"jarvis-learning", "run"}, "learning run"},
           {{"/usr/bin/jarvis-learning", "--json", "--home", "traces", "status"},
            "learning status"},
           {{"jarvis-learning", "traces", "list"}, "traces list"},
           {{"jarvis-learning", "completion", "ids", "edit"}, "completion ids"},
           {{"jarvis", "learning", "run"}, "learning run"}}) {
    const auto invocation = understood(words);
    REQUIRE(invocation);
    REQUIRE(invocation->command);
    CHECK(invocation->command->path == path);
  }
  CHECK_FALSE(understood({"jarvis", "run"}));
}

TEST_CASE("help: what is misspelt is met with the name that is nearest") {
  const auto hint = [](const std::vector<std::string>& words) {
    const auto invocation = understood(words);
    REQUIRE_FALSE(invocation);
    CHECK(invocation.error().kind == jarvis::ErrorKind::usage);
    return invocation.error().hint;
  };
  const auto meant = [](const std::string& name, const std::string& place) {
    return "did you mean '" + name + "'? else see 'jarvis " + place + "--help'";
  };
  CHECK(hint({"jarvis", "lerning", "run"}) == meant("learning", ""));
  CHECK(hint({"jarvis", "learning", "rnu"}) == meant("run", "learning "));
  CHECK(hint({"jarvis", "learning", "benchmark", "shwo"}) == meant("show", "learning benchmark "));
  CHECK(hint({"jarvis", "learning", "run", "--max-cots", "3"}) ==
        meant("--max-cost", "learning run "));
  CHECK(hint({"jarvis", "learning", "run", "--max-cots=3"}) ==
        meant("--max-cost", "learning run "));
  CHECK(hint({"jarvis", "learning", "status", "--jsn"}) == meant("--json", "learning status "));
  CHECK(hint({"jarvis", "learning", "run", "--autonomy", "tierd"}) ==
        meant("tiered", "learning run "));
  CHECK(hint({"jarvis", "plugins", "new", "aplier", "x"}) == meant("applier", "plugins new "));
  CHECK(hint({"jarvis", "rollback"}) == meant("learning rollback", ""));
  CHECK(hint({"jarvis", "bogus"}) == "see 'jarvis --help'");
  CHECK(hint({"jarvis", "learning", "run", "--bogus"}) == "see 'jarvis learning run --help'");
  CHECK(hint({"jarvis", "status"}) == meant("learning status", ""));
}
