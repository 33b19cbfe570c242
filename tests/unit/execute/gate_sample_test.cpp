#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/session/execute/gate/sample.hpp"
#include "core/session/execute/gate/snapshot.hpp"
#include "tests/unit/execute/gate_fixture.hpp"

using namespace jarvis;

namespace {

Benchmark benchmark_of(int practice, int held_out) {
  Benchmark benchmark;
  for (int i = 0; i < practice + held_out; ++i) {
    Task task;
    task.id = "task-" + std::to_string(i);
    task.part = i < practice ? Part::practice : Part::held_out;
    benchmark.tasks.push_back(task);
  }
  return benchmark;
}

std::vector<std::string> ids_of(const std::vector<Task>& tasks) {
  std::vector<std::string> ids;
  for (const Task& task : tasks) ids.push_back(task.id);
  return ids;
}

}  // namespace

TEST_CASE("sample: a benchmark without held-out tasks gives none") {
  CHECK(draw_sample(benchmark_of(5, 0), "session", {}).empty());
}

TEST_CASE("sample: practice tasks are never drawn") {
  for (const Task& task : draw_sample(benchmark_of(30, 20), "session", {}))
    CHECK(task.part == Part::held_out);
}

TEST_CASE(
    "sample: the same for one session, whatever the order of the tasks; another for another") {
  Benchmark benchmark = benchmark_of(0, 100);
  const auto one = ids_of(draw_sample(benchmark, "session-a", {10, false}));
  std::reverse(benchmark.tasks.begin(), benchmark.tasks.end());
  CHECK(ids_of(draw_sample(benchmark, "session-a", {10, false})) == one);
  CHECK(ids_of(draw_sample(benchmark, "session-b", {10, false})) != one);
  CHECK(one.size() == 10);
  CHECK(std::set<std::string>(one.begin(), one.end()).size() == 10);
}

TEST_CASE("sample: is drawn by a fixed algorithm") {
  const auto ids =
      ids_of(draw_sample(benchmark_of(0, 6), "session-20260101T000000_0badcafe", {3, false}));
  CHECK(ids == std::vector<std::string>{"task-1", "task-4", "task-3"});
}

TEST_CASE("sample: full_benchmark takes all held-out tasks") {
  CHECK(draw_sample(benchmark_of(10, 80), "session", {50, true}).size() == 80);
  CHECK(draw_sample(benchmark_of(10, 80), "session", {50, false}).size() == 50);
}

TEST_CASE("snapshot: what is missing is not counted, small classes are other") {
  std::vector<testing::Pair> pairs;
  testing::add(pairs, 6, {"math", 1, 0});
  testing::add(pairs, 4, {"math", 0, 0});
  testing::add(pairs, 2, {"code", 1, 0, 3});
  ArmScores arm = testing::before(pairs);
  arm.tasks[0].score.reset();
  arm.elapsed_seconds = 2.5;
  const BenchmarkSnapshot snapshot = snapshot_of(arm, "personal_v3");
  CHECK(snapshot.benchmark_version == "personal_v3");
  CHECK(snapshot.task_count == 11);
  CHECK(snapshot.elapsed_seconds == 2.5);
  CHECK(snapshot.cluster_scores.at("math") == doctest::Approx(5.0 / 9));
  CHECK(snapshot.cluster_scores.at("other") == 1);
  CHECK(snapshot.overall_score == doctest::Approx(11.0 / 15));
}

TEST_CASE("snapshot: of nothing is nothing") {
  const BenchmarkSnapshot snapshot = snapshot_of({}, "personal_v1");
  CHECK(snapshot.overall_score == 0);
  CHECK(snapshot.task_count == 0);
  CHECK(snapshot.cluster_scores.empty());
}
