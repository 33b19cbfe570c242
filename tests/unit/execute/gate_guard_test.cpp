#include <doctest/doctest.h>

#include "core/session/execute/gate/guard.hpp"

using namespace jarvis;

namespace {

/** A cluster whose differences lie evenly `spread` above and below `mean`. */
void add_cluster(Paired& paired, const std::string& name, int tasks, double mean, double spread) {
  for (int i = 0; i < tasks; ++i) {
    const Difference one{mean + (i % 2 == 0 ? spread : -spread), 1};
    paired.all.push_back(one);
    paired.clusters[name].push_back(one);
  }
}

Paired two_clusters(double fall, double spread, int tasks = 10) {
  Paired paired;
  add_cluster(paired, "code", 20, 0.2, spread);
  add_cluster(paired, "math", tasks, fall, spread);
  return paired;
}

}  // namespace

TEST_CASE("guard: nothing measured, nothing fell") {
  CHECK(falls({}, 0.05).empty());
  CHECK(falls_beyond_noise({}, 0.05, kLikelyFall).empty());
}

TEST_CASE("guard: a deep fall in one cluster is seen under any noise, the deepest first") {
  Paired paired = two_clusters(-0.3, 0.2);
  add_cluster(paired, "short", 10, -0.4, 0.2);
  const auto fallen = falls_beyond_noise(paired, 0.05, kSureFall);
  REQUIRE(fallen.size() == 2);
  CHECK(fallen[0].cluster == "short");
  CHECK(fallen[0].delta == doctest::Approx(-0.4));
  CHECK(fallen[1].cluster == "math");
}

TEST_CASE("guard: a small fall within the noise is none, without noise it is one") {
  CHECK(falls(two_clusters(-0.08, 0), 0.05).size() == 1);
  // v = 0.04 at least, and so half an error is 0.03.
  CHECK(falls_beyond_noise(two_clusters(-0.075, 0.2), 0.05, kLikelyFall).empty());
  CHECK(falls_beyond_noise(two_clusters(-0.10, 0.2), 0.05, kLikelyFall).size() == 1);
  CHECK(falls_beyond_noise(two_clusters(-0.10, 0.2), 0.05, kSureFall).empty());
}

TEST_CASE("guard: ten tasks that happen to agree are not taken for certainty") {
  CHECK(falls_beyond_noise(two_clusters(-0.07, 0), 0.05, kLikelyFall).empty());
}

TEST_CASE("guard: what other clusters gain neither hides a fall nor makes one") {
  for (const double gain : {-0.2, 0.0, 0.1, 0.6}) {
    Paired paired;
    add_cluster(paired, "code", 40, gain < 0 ? -0.04 : gain, 0.2);
    add_cluster(paired, "math", 10, -0.2, 0.2);
    CHECK(falls_beyond_noise(paired, 0.05, kLikelyFall).size() == 1);
  }
}

TEST_CASE("guard: a cluster of under five tasks beside others has no veto") {
  CHECK(falls_beyond_noise(two_clusters(-0.9, 0.1, 4), 0.05, kLikelyFall).empty());
  Paired alone;
  add_cluster(alone, "other", 4, -0.9, 0.1);
  CHECK(falls_beyond_noise(alone, 0.05, kLikelyFall).size() == 1);
}
