// Sessions that are killed at random points and gone on with. JARVIS_RESUME_KILLS says how many.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

constexpr int kConcurrency = 8;

int kill_count() {
  const char* wanted = std::getenv("JARVIS_RESUME_KILLS");
  return wanted ? std::atoi(wanted) : 5;
}

FakeBehaviour slow_behaviour() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.latency = std::chrono::milliseconds(4);
  return behaviour;
}

/** `learning run`, ended by SIGKILL once the plan is there and `seconds` have passed since. */
void run_and_kill(World& world, double seconds) {
  // The plan comes last of what the teacher is asked; the student's runs of the gate come after it.
  const std::string script =
      "\"$@\" >/dev/null 2>&1 & pid=$!\n"
      "while kill -0 $pid 2>/dev/null && ! ls \"$HOME\"/home/learning/sessions/*/plan.json "
      ">/dev/null 2>&1; do sleep 0.005; done\n"
      "sleep " +
      std::to_string(seconds) + "\nkill -9 $pid 2>/dev/null\nwait $pid 2>/dev/null\ntrue\n";
  Launch launch{{"/bin/sh", "-c", script, "sh", JARVIS_PROGRAM, "--home", world.home.string(),
                 "learning", "run"},
                world.environment,
                world.directory.path()};
  launch.environment["PATH"] = "/usr/bin:/bin";
  run_program(launch);
}

std::vector<std::string> verdicts(const json::object& document) {
  std::vector<std::string> found;
  for (const json::value& edit : document.at("edits").as_array())
    found.push_back(edit.at("verdict").is_string() ? std::string(edit.at("verdict").as_string())
                                                   : std::string());
  return found;
}

}  // namespace

TEST_CASE("resume: there is nothing to go on with where no session was interrupted") {
  const World world;
  const auto finished = world.run({"learning", "resume"});
  CHECK(finished.status == 1);
  CHECK(text_at(finished.json(), "/error/message") == "no session was interrupted");
}

TEST_CASE("resume: a session that came to its end is not run again") {
  const World world(slow_behaviour());
  const auto session = world.run({"learning", "run"}).json();
  const auto finished = world.run({"learning", "resume", text_at(session, "/session/id")});
  CHECK(finished.status == 1);
  CHECK(text_at(finished.json(), "/error/message").find("came to its end") != std::string::npos);
}

TEST_CASE(
    "resume: a session killed while it executes comes to the same end, and pays nothing twice") {
  World reference(slow_behaviour());
  const auto expected = reference.run({"learning", "run"}).json();
  const int calls = reference.models.count(FakeCall::Part::student);
  std::mt19937 random(20261123);
  for (int i = 0; i < kill_count(); ++i) {
    const double seconds = std::uniform_real_distribution<double>(0.0, 0.4)(random);
    CAPTURE(seconds);
    World world(slow_behaviour());
    run_and_kill(world, seconds);
    const auto resumed = world.run({"learning", "resume"});
    CAPTURE(resumed.err);
    const auto document =
        resumed.status == 0
            ? resumed.json()
            : world
                  .run({"learning", "show",
                        text_at(world.run({"learning", "history"}).json(), "/sessions/0/id")})
                  .json();
    CHECK(statuses(document) == statuses(expected));
    CHECK(verdicts(document) == verdicts(expected));
    CHECK(world.models.count(FakeCall::Part::student) <= calls + kConcurrency);
    CHECK(world.models.count(FakeCall::Part::plan) == 1);
    CHECK(world.commits().size() == reference.commits().size());
  }
}
