#include "core/benchmark/refresh.hpp"

#include <doctest/doctest.h>

#include <map>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/traces.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

struct Bench {
  TemporaryDirectory directory;
  BenchmarkStore store{directory.path()};
  FakeTraces traces;
  FakeTeacher teacher;
  FakeJudge judge;
  FixedClock clock;
  MiningRule rule;
  std::function<bool()> cancelled;

  Result<Refresh> refresh() {
    return refresh_benchmark(
        {traces, teacher, judge, clock, store, rule, 3, &teacher, nullptr, cancelled});
  }
  Refresh good() {
    auto refreshed = refresh();
    if (!refreshed) FAIL(refreshed.error().message);
    return *refreshed;
  }
  bool has(int number) const { return std::filesystem::exists(store.path_of(number)); }
};

std::map<std::string, Task> by_id(const Benchmark& benchmark) {
  std::map<std::string, Task> tasks;
  for (const Task& task : benchmark.tasks) tasks[task.id] = task;
  return tasks;
}

Result<std::string> no_money(const std::string&, int) {
  return Error{ErrorKind::budget, "the money is spent", ""};
}

}  // namespace

TEST_CASE("refresh: fewer than ten liked questions are too few, and nobody is asked") {
  Bench bench;
  bench.traces.add_many(9, 1, "liked");
  bench.traces.add("LIKED number 3?", 0.9);
  bench.traces.add_many(20, 0, "failed");
  const auto refreshed = bench.refresh();
  REQUIRE(!refreshed);
  CHECK(refreshed.error().kind == ErrorKind::not_ready);
  CHECK(refreshed.error().message.rfind("Personal benchmark is empty", 0) == 0);
  CHECK(refreshed.error().message.find("9 liked traces") != std::string::npos);
  CHECK(refreshed.error().hint == "rate 10 or more answers with 0.7 or better");
  CHECK(bench.teacher.calls == 0);
  CHECK(!bench.has(1));
}

TEST_CASE("refresh: a broken newest version is an error, and nothing is paid") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.directory.write("personal_v7.json", "{");
  const auto refreshed = bench.refresh();
  REQUIRE(!refreshed);
  CHECK(refreshed.error().message.find("personal_v7.json") != std::string::npos);
  CHECK(bench.teacher.calls == 0);
}

TEST_CASE("refresh: when not one gold answer can be made the cause is given and nothing written") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.teacher.reply = [](const std::string&, int) {
    return Error{ErrorKind::unavailable, "no route to host", ""};
  };
  CHECK(bench.refresh().error().message == "no route to host");
  bench.teacher.reply = no_money;
  CHECK(bench.refresh().error().kind == ErrorKind::budget);
  bench.cancelled = [] { return true; };
  CHECK(bench.refresh().error().kind == ErrorKind::cancelled);
  CHECK(!bench.has(1));
}

TEST_CASE("refresh: the first version holds both strata, with provenance and cost") {
  Bench bench;
  bench.traces.add_many(10, 1, "liked");
  bench.traces.add_many(5, 0, "failed");
  const Refresh refreshed = bench.good();
  CHECK(refreshed.changed);
  CHECK(refreshed.added == 15);
  CHECK(refreshed.unsure == 0);
  CHECK(refreshed.waiting == 0);
  const Benchmark& benchmark = refreshed.benchmark;
  CHECK(benchmark.version == "personal_v1");
  CHECK(benchmark.created_at == "2026-05-28T20:26:40Z");
  CHECK(benchmark.teacher_model == "fake-teacher");
  CHECK(benchmark.judge_model == "fake-judge");
  CHECK(benchmark.cost_usd == doctest::Approx(0.2));
  CHECK(benchmark.part(Part::practice).size() >= 3);
  for (const Task& task : benchmark.tasks) {
    CHECK(task.weight == 1.0);
    CHECK(task.gold == "gold: " + task.query);
    CHECK(task.agent == "simple");
    CHECK(!task.trace_id.empty());
  }
  const auto stored = bench.store.newest();
  REQUIRE(stored);
  REQUIRE((*stored)->provenance.size() == 1);
  CHECK((*stored)->provenance[0].trace_ids.size() == 15);
  CHECK((*stored)->provenance[0].gold_prompt_sha256.size() == 64);
}

TEST_CASE("refresh: with nothing new the present version is given and no call is paid") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.good();
  const int calls = bench.teacher.calls;
  const Refresh again = bench.good();
  CHECK(!again.changed);
  CHECK(again.benchmark.version == "personal_v1");
  CHECK(again.benchmark.tasks.size() == 12);
  CHECK(bench.teacher.calls == calls);
  CHECK(!bench.has(2));
}

TEST_CASE(
    "refresh: the next version keeps tasks, gold answers and parts, and pays for new ones only") {
  Bench bench;
  bench.traces.add_many(15, 1, "liked");
  const auto first = by_id(bench.good().benchmark);
  bench.teacher.reply = [](const std::string& query, int) { return "newer: " + query; };
  bench.traces.add_many(4, 1, "more");
  bench.traces.add_many(3, 0, "failed");
  const int calls = bench.teacher.calls;
  const Refresh second = bench.good();
  CHECK(second.changed);
  CHECK(second.added == 7);
  CHECK(second.benchmark.version == "personal_v2");
  CHECK(second.benchmark.cost_usd == doctest::Approx(0.1));
  CHECK(bench.teacher.calls == calls + 4 + 2 * 3);
  const auto tasks = by_id(second.benchmark);
  CHECK(tasks.size() == 22);
  for (const auto& [id, task] : first) {
    REQUIRE(tasks.count(id) == 1);
    CHECK(tasks.at(id).gold == task.gold);
    CHECK(tasks.at(id).part == task.part);
  }
  CHECK(bench.has(1));
  const auto stored = bench.store.newest();
  REQUIRE(stored);
  CHECK((*stored)->provenance.size() == 2);
}

TEST_CASE("refresh: when the money ends the version holds what is there, and the next goes on") {
  Bench bench;
  bench.traces.add_many(20, 1, "liked");
  bench.teacher.reply = [](const std::string& query, int call) -> Result<std::string> {
    if (call >= 12) return no_money(query, call);
    return query;
  };
  const Refresh first = bench.good();
  CHECK(first.changed);
  CHECK(first.added == 12);
  CHECK(first.waiting == 8);
  REQUIRE(first.stopped);
  CHECK(first.stopped->kind == ErrorKind::budget);
  bench.teacher.reply = nullptr;
  const Refresh second = bench.good();
  CHECK(second.added == 8);
  CHECK(second.benchmark.tasks.size() == 20);
  CHECK(!second.stopped);
}

TEST_CASE("refresh: a first version that was cut short below ten tasks is not written") {
  Bench bench;
  bench.traces.add_many(20, 1, "liked");
  bench.teacher.reply = [](const std::string& query, int call) -> Result<std::string> {
    if (call >= 8) return no_money(query, call);
    return query;
  };
  CHECK(bench.refresh().error().kind == ErrorKind::budget);
  CHECK(!bench.has(1));
}

TEST_CASE("refresh: no money at all leaves the present version as it is") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.good();
  bench.traces.add_many(3, 1, "more");
  bench.teacher.reply = no_money;
  const Refresh again = bench.good();
  CHECK(!again.changed);
  CHECK(again.benchmark.version == "personal_v1");
  CHECK(again.stopped.has_value());
  CHECK(!bench.has(2));
}

TEST_CASE(
    "refresh: unsure gold waits, bends no shares, and is tried again only with new candidates") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.traces.add_many(4, 0, "failed");
  bench.judge.reply = [](const std::string& query, const auto&, const auto&) {
    return Judgement{query == "failed number 1?" ? 0.0 : 1.0, ""};
  };
  const Refresh first = bench.good();
  CHECK(first.unsure == 1);
  CHECK(first.benchmark.tasks.size() == 15);
  double repair = 0, sum = 0;
  for (const Task& task : first.benchmark.tasks) {
    sum += task.weight;
    if (task.stratum == Stratum::repair) repair += task.weight;
  }
  CHECK(repair / sum == doctest::Approx(0.25));

  const int calls = bench.teacher.calls;
  const Refresh second = bench.good();
  CHECK(!second.changed);
  CHECK(second.unsure == 1);
  CHECK(bench.teacher.calls == calls);

  bench.traces.add("one more liked question", 1);
  bench.judge.reply = nullptr;
  const Refresh third = bench.good();
  CHECK(third.added == 2);
  CHECK(third.unsure == 0);
}

TEST_CASE("refresh: a flagged trace's task becomes a practice task for good") {
  Bench bench;
  bench.traces.add_many(20, 1, "liked");
  const Benchmark first = bench.good().benchmark;
  const Task flagged = first.part(Part::held_out).at(0);
  bench.rule.flagged_trace_ids = {flagged.trace_id};
  const int calls = bench.teacher.calls;
  const Refresh second = bench.good();
  CHECK(second.changed);
  CHECK(by_id(second.benchmark).at(flagged.id).part == Part::practice);
  CHECK(bench.teacher.calls == calls);
  bench.rule.flagged_trace_ids.clear();
  const Refresh third = bench.good();
  CHECK(!third.changed);
  CHECK(by_id(third.benchmark).at(flagged.id).part == Part::practice);
}

TEST_CASE("refresh: tasks of an agent that is excluded later leave with the next version") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.traces.add("a private question", 1).agent = "private";
  CHECK(bench.good().benchmark.tasks.size() == 13);
  bench.rule.exclude_agents = {"private"};
  const Refresh second = bench.good();
  CHECK(second.changed);
  CHECK(second.benchmark.tasks.size() == 12);
}

TEST_CASE("refresh: a trace that is gone keeps its task") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.good();
  bench.traces.traces.clear();
  const Refresh again = bench.good();
  CHECK(!again.changed);
  CHECK(again.benchmark.tasks.size() == 12);
}
