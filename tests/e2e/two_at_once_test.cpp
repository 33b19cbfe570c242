// Two sessions that are started at the same moment. JARVIS_RACES says how often.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <barrier>
#include <cstdlib>
#include <thread>

#include "tests/e2e/world.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

int races() {
  const char* text = std::getenv("JARVIS_RACES");
  return text ? std::atoi(text) : 5;
}

/** Long enough that the second program comes while the first one works. */
FakeBehaviour busy() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.latency = std::chrono::milliseconds(60);
  return behaviour;
}

/** Both run the words, from the same moment on. */
std::array<Finished, 2> at_once(const World& world, const std::vector<std::string>& words) {
  std::array<Finished, 2> finished;
  std::barrier ready(2);
  const auto run = [&](std::size_t which) {
    ready.arrive_and_wait();
    finished[which] = world.run(words);
  };
  std::thread other(run, 1);
  run(0);
  other.join();
  return finished;
}

}  // namespace

TEST_CASE("fault: two sessions at once: one runs, the other exits 4 and says who works here") {
  const World world(busy(), 30);
  // What the first session measures, the later ones find recorded.
  REQUIRE(world.run({"learning", "run"}).status == 0);
  std::size_t sessions = 1;
  for (int i = 0; i < races(); ++i) {
    CAPTURE(i);
    const auto finished = at_once(world, {"learning", "run"});
    std::array<int, 2> statuses{finished[0].status, finished[1].status};
    std::sort(statuses.begin(), statuses.end());
    CAPTURE(finished[0].out);
    CAPTURE(finished[1].out);
    REQUIRE(statuses == std::array<int, 2>{0, 4});
    const Finished& refused = finished[0].status == 4 ? finished[0] : finished[1];
    CHECK(text_at(refused.json(), "/error/message").find("learning run") != std::string::npos);
    const auto history = world.run({"learning", "history"}).json();
    REQUIRE(history.at("sessions").as_array().size() == ++sessions);
  }
  const auto history = world.run({"learning", "history"}).json();
  for (const json::value& session : history.at("sessions").as_array())
    CHECK(text_at(session, "/status") != "failed");
  const auto status = world.run({"doctor"});
  CHECK_MESSAGE(status.out.find("\"failed\"") == std::string::npos, status.out);
}
