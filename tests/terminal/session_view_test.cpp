// What a running session shows.
#include <doctest/doctest.h>

#include <regex>
#include <sstream>

#include "tests/e2e/world.hpp"
#include "tests/terminal/terminal_window.hpp"

using namespace jarvis::testing;

namespace {

FakeBehaviour slow() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.latency = std::chrono::milliseconds(100);
  return behaviour;
}

std::vector<std::string> learning_run(const World& world) {
  return {JARVIS_PROGRAM, "--home", world.home.string(), "learning", "run"};
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

/** The lines that hold all that is told of a count. */
std::size_t status_lines(const std::string& text) {
  static const std::regex money("^  .*\\$[0-9.]+ of \\$");
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) count += std::regex_search(line, money);
  return count;
}

}  // namespace

TEST_CASE("session view: tells each step, and below them how far it is, in one line") {
  if (!can_open_windows()) return;
  const World world(slow());
  const TerminalWindow window(learning_run(world), world.environment);
  CHECK(window.comes("· diagnosing"));
  CHECK(window.comes("list_traces"));
  CHECK(window.comes("· planning"));
  CHECK(window.comes("· executing"));
  CHECK(window.comes(" of $5.00"));
  CHECK(window.comes(" points ["));
  CHECK(status_lines(window.all()) <= 1);
  CHECK(window.comes("Session session-"));
  CHECK(window.ends() == 0);
  CHECK_MESSAGE(status_lines(window.all()) == 0, window.all());
  CHECK(window.comes("applied ("));
  CHECK(window.coloured().find("\x1b[32m") != std::string::npos);
}

TEST_CASE("session view: goes on in a window that becomes smaller, and leaves no rests of lines") {
  if (!can_open_windows()) return;
  const World world(slow());
  const TerminalWindow window(learning_run(world), world.environment);
  CHECK(window.comes(" points ["));
  window.resize(60, 20);
  CHECK(window.comes("Session session-"));
  CHECK(window.ends() == 0);
  CHECK_MESSAGE(status_lines(window.all()) == 0, window.all());
  CHECK(occurrences(window.all(), "Session session-") == 1);
}

TEST_CASE("session view: where stderr is no terminal there are plain lines alone") {
  if (!can_open_windows()) return;
  const World world(slow(), 30);
  const TerminalWindow window({"/bin/sh", "-c", "\"$@\" 2>&1 | cat", "sh", JARVIS_PROGRAM, "--home",
                               world.home.string(), "learning", "run"},
                              world.environment);
  CHECK(window.comes("· executing"));
  CHECK(window.comes("Session session-"));
  CHECK(window.ends() == 0);
  CHECK(window.coloured().find("\x1b[") == std::string::npos);
  CHECK(window.all().find(" of $5.00") == std::string::npos);
}

TEST_CASE("session view: head takes its lines, and nothing is said of the rest") {
  if (!can_open_windows()) return;
  const World world;
  const TerminalWindow window(
      {"/bin/bash", "-c",
       "\"$@\" traces list --limit 60 | head -3; echo \"status ${PIPESTATUS[0]}\"", "bash",
       JARVIS_PROGRAM, "--home", world.home.string()},
      world.environment);
  CHECK(window.comes("status 0"));
  CHECK(window.ends() == 0);
  CHECK(window.all().find("jarvis:") == std::string::npos);
  CHECK(window.all().find("TRACE") != std::string::npos);
}
