#include <doctest/doctest.h>

#include "core/session/execute/gate/running_delta.hpp"

using namespace jarvis;

namespace {

std::vector<Task> three_tasks() {
  std::vector<Task> tasks(3);
  tasks[2].weight = 2;
  return tasks;
}

}  // namespace

TEST_CASE("running delta: says nothing while fewer than two tasks have a score in both arms") {
  RunningDelta delta(three_tasks());
  delta.add(0, 0, 0.0);
  delta.add(1, 0, 1.0);
  delta.add(1, 1, 1.0);
  WorkCount work{"benchmark", 3, 6};
  delta.tell(work);
  CHECK_FALSE(work.delta);
  CHECK_FALSE(work.interval);
}

TEST_CASE(
    "running delta: is the weighted mean of what the tasks gained, each by the mean of its runs") {
  RunningDelta delta(three_tasks());
  for (const double score : {0.0, 1.0}) delta.add(0, 0, score);
  delta.add(1, 0, 1.0);
  delta.add(0, 2, 0.0);
  delta.add(1, 2, 0.25);
  WorkCount work{"benchmark", 5, 6};
  delta.tell(work);
  REQUIRE(work.delta);
  CHECK(*work.delta == doctest::Approx((0.5 + 2 * 0.25) / 3));
  REQUIRE(work.interval);
  CHECK((*work.interval)[0] <= *work.delta);
  CHECK((*work.interval)[1] >= *work.delta);
}
