#include "core/ports/feedback_stats.hpp"

#include <doctest/doctest.h>

#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using namespace jarvis::testing;

TEST_CASE("feedback: without a rating there is no mean") {
  FakeTraces traces;
  traces.add("q", 1).feedback.reset();
  const auto stats = feedback_stats_of(traces, {});
  REQUIRE(stats);
  CHECK(stats->traces == 1);
  CHECK(stats->all.rated == 0);
  CHECK_FALSE(stats->mean());
}

TEST_CASE("feedback: counts by agent, by bounds and by who rated") {
  FakeTraces traces;
  traces.add("a", 0.7);
  traces.add("b", 0.3);
  traces.add("c", 0.5).metadata = json::object{{"feedback_source", "judge"}};
  traces.add("d", 1.0).agent = "orchestrator";
  traces.add("e", 0).feedback.reset();
  traces.traces.back().metadata = json::object{{"feedback_source", "judge"}};
  const auto stats = feedback_stats_of(traces, {0.7, 0.3});
  REQUIRE(stats);
  CHECK(stats->all.rated == 4);
  CHECK(stats->all.liked == 2);
  CHECK(stats->all.disliked == 1);
  CHECK(stats->by_judge == 1);
  CHECK(*stats->mean() == doctest::Approx(0.625));
  CHECK(stats->by_agent.at("orchestrator").liked == 1);
  CHECK(stats->by_agent.at("simple").rated == 3);
}
