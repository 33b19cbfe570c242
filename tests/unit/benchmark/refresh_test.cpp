#include "core/benchmark/refresh.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "core/benchmark/flagged.hpp"
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
  bool ask_unsure_again = false;

  Result<Refresh> refresh() {
    return refresh_benchmark({traces, teacher, judge, clock, store, rule, 3, &teacher, nullptr,
                              cancelled, ask_unsure_again});
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

TEST_CASE("refresh: a first version that the user stopped is not written, and the next goes on") {
  Bench bench;
  bench.traces.add_many(30, 1, "liked");
  bench.cancelled = [&] { return bench.teacher.calls >= 15; };
  CHECK(bench.refresh().error().kind == ErrorKind::cancelled);
  CHECK(!bench.has(1));
  const int paid = bench.teacher.calls;
  CHECK(paid >= 15);
  bench.cancelled = nullptr;
  CHECK(bench.good().benchmark.tasks.size() == 30);
  CHECK(bench.teacher.calls == 30);
}

TEST_CASE("refresh: a server that goes away for many questions leaves no part of a first version") {
  Bench bench;
  bench.traces.add_many(30, 1, "liked");
  int answers = 15;
  bench.teacher.reply = [&](const std::string& query, int call) -> Result<std::string> {
    if (call >= answers) return Error{ErrorKind::unavailable, "no route to host", ""};
    return query;
  };
  CHECK(bench.refresh().error().message == "no route to host");
  CHECK(!bench.has(1));
  answers = bench.teacher.calls + 14;
  const Refresh almost = bench.good();
  CHECK(almost.benchmark.tasks.size() == 29);
  CHECK(almost.waiting == 1);
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

TEST_CASE("refresh: what one that could write no version has paid for is not paid again") {
  Bench bench;
  bench.traces.add_many(20, 1, "liked");
  bench.teacher.reply = [](const std::string& query, int call) -> Result<std::string> {
    if (call >= 8) return no_money(query, call);
    return query;
  };
  CHECK(!bench.refresh());
  const double spent = bench.teacher.spent_usd();
  bench.teacher.reply = nullptr;
  bench.teacher.calls = 0;
  const Refresh second = bench.good();
  CHECK(second.added == 20);
  CHECK(bench.teacher.calls == 12);
  CHECK(second.cost_usd == doctest::Approx(0.12));
  CHECK(second.benchmark.cost_usd == doctest::Approx(0.12 + spent));
}

TEST_CASE("refresh: one that was killed goes on, and at most the calls in flight are paid again") {
  for (const int last : {1, 7, 14, 29}) {
    CAPTURE(last);
    Bench bench;
    bench.traces.add_many(15, 1, "liked");
    bench.traces.add_many(8, 0, "failed");
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      bench.teacher.reply = [&](const std::string& query, int call) -> Result<std::string> {
        if (call == last) ::kill(::getpid(), SIGKILL);
        return query;
      };
      (void)bench.refresh();
      ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    const Refresh refreshed = bench.good();
    CHECK(refreshed.added == 23);
    CHECK(bench.teacher.calls <= 15 + 2 * 8 - last + 2);
  }
}

TEST_CASE("refresh: unsure gold waits, bends no shares, and is not paid again for nothing") {
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

  bench.judge.reply = nullptr;
  bench.teacher.calls = 0;
  const Refresh second = bench.good();
  CHECK(!second.changed);
  CHECK(second.unsure == 1);
  CHECK(second.cost_usd == 0);
  CHECK(bench.teacher.calls == 0);

  SUBCASE("also when there is something new") {
    bench.traces.add("one more liked question", 1);
    CHECK(bench.good().added == 1);
    CHECK(bench.teacher.calls == 1);
  }
  SUBCASE("until it is rated anew") {
    bench.traces.traces[13].feedback = 0.2;
    CHECK(bench.good().added == 1);
    CHECK(bench.teacher.calls == 2);
  }
  SUBCASE("until the user wants it") {
    bench.ask_unsure_again = true;
    const Refresh third = bench.good();
    CHECK(third.added == 1);
    CHECK(third.unsure == 0);
    CHECK(bench.teacher.calls == 2);
  }
}

TEST_CASE("refresh: one whose only news is an unsure answer is recorded, with what it cost") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.good();
  bench.traces.add("a failed question", 0);
  bench.judge.reply = [](const auto&, const auto&, const auto&) { return Judgement{0.0, ""}; };
  const Refresh second = bench.good();
  CHECK(!second.changed);
  CHECK(second.unsure == 1);
  CHECK(second.cost_usd == doctest::Approx(0.02));
  CHECK(!bench.has(2));
  const std::string before = bench.directory.read("golds.jsonl");
  CHECK(before.find("\"event\":\"end\"", before.find("\"event\":\"unsure\"")) != std::string::npos);
  const Refresh third = bench.good();
  CHECK(third.cost_usd == 0);
  CHECK(bench.directory.read("golds.jsonl") == before);

  bench.judge.reply = nullptr;
  bench.traces.add("another liked question", 1);
  CHECK(bench.good().benchmark.cost_usd == doctest::Approx(0.03));
}

TEST_CASE("refresh: at the cap an unsure candidate leaves its place to another") {
  Bench bench;
  bench.rule.max_tasks = 12;
  bench.traces.add_many(12, 1, "liked");
  bench.traces.add_many(12, 0, "failed");
  bench.judge.reply = [](const std::string& query, const auto&, const auto&) {
    return Judgement{query.rfind("failed", 0) == 0 ? 0.0 : 1.0, ""};
  };
  CHECK(bench.good().unsure == 6);
  const Refresh second = bench.good();
  CHECK(second.unsure == 6);
  const int calls = bench.teacher.calls;
  const Refresh third = bench.good();
  CHECK(third.cost_usd == 0);
  CHECK(bench.teacher.calls == calls);
}

TEST_CASE("refresh: at the cap a former task goes only where a new one has come") {
  Bench bench;
  bench.rule.max_tasks = 20;
  bench.traces.add_many(20, 1, "liked");
  const auto first = by_id(bench.good().benchmark);
  bench.traces.add_many(20, 0, "failed");
  SUBCASE("and stays when the money is spent") {
    bench.teacher.reply = no_money;
    const Refresh second = bench.good();
    CHECK(!second.changed);
    CHECK(second.benchmark.tasks.size() == 20);
  }
  SUBCASE("and goes when it has") {
    const Refresh second = bench.good();
    CHECK(second.added == 10);
    CHECK(second.benchmark.tasks.size() == 20);
    for (const Task& task : second.benchmark.tasks)
      if (task.stratum == Stratum::retain) CHECK(first.at(task.id).part == task.part);
  }
}

TEST_CASE("refresh: near duplicates of the former version's tasks do not come in") {
  Bench bench;
  bench.traces.add_many(12, 1, "liked");
  bench.traces.add("please tell me in short words how a heat pump works", 1);
  CHECK(bench.good().benchmark.tasks.size() == 13);
  bench.traces.add("please tell me in short words how a heat pump works today", 1);
  const Refresh second = bench.good();
  CHECK(!second.changed);
  CHECK(second.cost_usd == 0);
}

TEST_CASE("refresh: what a flagged trace asks becomes practice for good") {
  Bench bench;
  const std::string topic = "please tell me in short words how does this thing work: ";
  for (int i = 0; i < 20; ++i) {
    std::string query = topic;
    for (int word = 0; word < 30; ++word) query += std::to_string(100 * i + word) + " ";
    bench.traces.add(query, 1);
  }
  const Benchmark first = bench.good().benchmark;
  const Task task = first.part(Part::held_out).at(0);
  std::string flagged = task.trace_id;
  SUBCASE("by the trace that it comes from") {}
  SUBCASE("by another trace of the question") {
    bench.traces.add(task.query, 0.9);
    flagged = bench.traces.traces.back().id;
  }
  SUBCASE("by a near duplicate that nobody rated") {
    bench.traces.add(task.query + "then", 0.9).feedback.reset();
    flagged = bench.traces.traces.back().id;
  }
  const auto decides = remember_flagged(bench.store, {flagged}, bench.traces, &first);
  REQUIRE(decides);
  CHECK(*decides);
  const int calls = bench.teacher.calls;
  const Refresh second = bench.good();
  CHECK(second.changed);
  CHECK(by_id(second.benchmark).at(task.id).part == Part::practice);
  CHECK(bench.teacher.calls == calls);
  const Refresh third = bench.good();
  CHECK(!third.changed);
  const auto again = remember_flagged(bench.store, {flagged}, bench.traces, &third.benchmark);
  REQUIRE(again);
  CHECK(!*again);
}

TEST_CASE("refresh: a trace that was flagged before it was a task becomes a practice task") {
  Bench bench;
  bench.rule.holdout_share = 1;
  bench.traces.add_many(20, 1, "liked");
  bench.traces.add("flagged early", 0).feedback.reset();
  const std::string id = bench.traces.traces.back().id;
  const auto decides = remember_flagged(bench.store, {id, "no such trace"}, bench.traces, nullptr);
  REQUIRE(decides);
  CHECK(!*decides);
  bench.traces.traces.back().feedback = 0.1;
  const auto tasks = by_id(bench.good().benchmark);
  CHECK(tasks.at(task_id_of("flagged early")).part == Part::practice);
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
