// Ctrl-C while a session runs.
#include <doctest/doctest.h>

#include "tests/e2e/world.hpp"
#include "tests/terminal/terminal_window.hpp"

using namespace jarvis::testing;

namespace {

FakeBehaviour slow(int milliseconds) {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.latency = std::chrono::milliseconds(milliseconds);
  return behaviour;
}

std::vector<std::string> program(const World& world, const std::vector<std::string>& words) {
  std::vector<std::string> all{JARVIS_PROGRAM, "--home", world.home.string()};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::string newest_session(const World& world) {
  return text_at(world.run({"learning", "history"}).json(), "/sessions/0/id");
}

}  // namespace

TEST_CASE("Ctrl-C: the session stops, says how it is gone on with, and can be") {
  if (!can_open_windows()) return;
  const World world(slow(100));
  {
    const TerminalWindow window(program(world, {"learning", "run"}), world.environment);
    REQUIRE(window.comes("· executing"));
    window.press("C-c");
    CHECK(window.comes("stopping: the calls at work end first; Ctrl-C again stops at once"));
    CHECK(window.comes("jarvis learning resume session-"));
    CHECK(window.ends() == 1);
  }
  const std::string id = newest_session(world);
  const auto shown = world.run({"learning", "show", id}).json();
  CHECK(text_at(shown, "/session/status") == "failed");
  CHECK(text_at(shown, "/error/code") == "cancelled");
  CHECK(text_at(shown, "/error/hint") == "go on with it: 'jarvis learning resume " + id + "'");
  const TerminalWindow window(program(world, {"learning", "resume"}), world.environment);
  CHECK(window.comes("Session " + id));
  CHECK(window.ends() == 0);
  CHECK(world.models.count(FakeCall::Part::plan) == 1);
}

TEST_CASE("Ctrl-C: before there is a plan nothing can be gone on with, and it says so") {
  if (!can_open_windows()) return;
  const World world(slow(300));
  const TerminalWindow window(program(world, {"learning", "run"}), world.environment);
  REQUIRE(window.comes("· diagnosing"));
  window.press("C-c");
  CHECK(window.ends() == 1);
  const auto shown = world.run({"learning", "show", newest_session(world)}).json();
  CHECK(text_at(shown, "/error/hint") ==
        "it had no plan yet: start a new one with 'jarvis learning run'");
}

TEST_CASE("Ctrl-C: the second one ends the program at once, and the session can be gone on with") {
  if (!can_open_windows()) return;
  const World world(slow(1500), 30);
  {
    const TerminalWindow window(program(world, {"learning", "run"}), world.environment);
    REQUIRE(window.comes("· executing"));
    window.press("C-c");
    REQUIRE(window.comes("Ctrl-C again stops at once"));
    window.press("C-c");
    CHECK(window.ends() == 130);
  }
  const auto resumed = world.run({"learning", "show", newest_session(world)}).json();
  CHECK(text_at(resumed, "/session/status") == "executing");
}
