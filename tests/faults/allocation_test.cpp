// Memory that runs out anywhere in a session. JARVIS_ALLOCATIONS: how many places.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <random>

#include "tests/faults/rehearsal_home.hpp"

using namespace jarvis::testing;

namespace {

int places() {
  const char* text = std::getenv("JARVIS_ALLOCATIONS");
  return text ? std::atoi(text) : 6;
}

}  // namespace

TEST_CASE("fault: allocation failure: no damage, and the next start is fine") {
  std::random_device seed;
  const unsigned start = seed();
  std::mt19937 random(start);
  CAPTURE(start);
  // Few happen at the start, and most late: each magnitude gets its share.
  std::uniform_real_distribution<double> magnitude(3, 7);
  for (int i = 0; i < places(); ++i) {
    const auto at = static_cast<long>(std::pow(10, magnitude(random)));
    const std::string fault = "allocation:" + std::to_string(at) + (i % 2 == 0 ? "" : "+");
    CAPTURE(fault);
    const RehearsalHome world;
    const auto starved = world.session({{"LD_PRELOAD", HARDSHIP}, {"JARVIS_HARDSHIP", fault}});
    CAPTURE(starved.status);
    CAPTURE(starved.err);
    const auto next = world.run({"learning", "resume"}).status == 0
                          ? world.run({"learning", "status"})
                          : world.session();
    CAPTURE(next.out);
    CHECK(came_to_its_end(next));
    check_promises(world.home);
  }
}
