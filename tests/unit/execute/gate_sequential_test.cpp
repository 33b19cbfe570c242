#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <random>

#include "core/session/execute/gate/sequential.hpp"
#include "tests/bench/gate_session.hpp"

using namespace jarvis;
using jarvis::bench::count_attempts;
using jarvis::bench::play_trial;

namespace {

using Tasks = std::vector<TaskRuns>;
using Scores = std::vector<std::optional<double>>;

constexpr double kAlpha = 0.1;

Tasks tasks_of(int count, const std::vector<std::string>& classes = {"math"}) {
  Tasks tasks;
  for (int i = 0; i < count; ++i)
    tasks.push_back({"task-" + std::to_string(1000 + i),
                     classes[static_cast<std::size_t>(i) % classes.size()],
                     1,
                     {},
                     {},
                     {}});
  return tasks;
}

Tasks measured(int count, const Scores& baseline, const Scores& candidate) {
  Tasks tasks = tasks_of(count);
  for (TaskRuns& task : tasks) {
    task.baseline = baseline;
    task.candidate = candidate;
  }
  return tasks;
}

/** A student whose chance of a right answer differs from task to task; every (task, arm, attempt)
 * has its score for good, whenever it is asked. */
class NoisyStudent {
 public:
  NoisyStudent(std::uint64_t seed, double gain) : seed_(seed), gain_(gain) {}

  std::optional<double> score(const TaskRuns& task, Arm arm, std::size_t attempt) const {
    std::mt19937_64 task_random(std::hash<std::string>()(task.task_id) + seed_);
    std::uniform_real_distribution<> share(0, 1);
    const double chance =
        std::min(1.0, 0.3 + 0.6 * share(task_random) + (arm == Arm::candidate ? gain_ : 0));
    std::mt19937_64 random(task_random() + attempt * 7919 + (arm == Arm::candidate ? 1 : 0));
    if (share(random) < missing_) return std::nullopt;
    return share(random) < chance ? 1.0 : 0.0;
  }

  NoisyStudent& losing(double missing) {
    missing_ = missing;
    return *this;
  }

 private:
  std::uint64_t seed_;
  double gain_;
  double missing_ = 0;
};

/** One run more for each place where one is wanted. False when `left` runs were made before that.
 */
bool fill(Tasks& tasks, const std::vector<WantedRuns>& wanted, const NoisyStudent& student,
          int& left) {
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (const Arm arm : {Arm::baseline, Arm::candidate}) {
      Scores& runs = arm == Arm::baseline ? tasks[i].baseline : tasks[i].candidate;
      while (static_cast<int>(runs.size()) < wanted_in(wanted[i], arm)) {
        if (left-- <= 0) return false;
        runs.push_back(student.score(tasks[i], arm, runs.size()));
      }
    }
  return true;
}

/** Nothing when `runs` runs were made before a verdict. */
std::optional<Verdict> play(Tasks& tasks, const NoisyStudent& student, int runs = 1 << 30,
                            const GateRule& rule = {}) {
  for (;;) {
    Look look = next_look(tasks, rule, kAlpha);
    if (look.verdict) return look.verdict;
    if (!fill(tasks, look.wanted, student, runs)) return std::nullopt;
  }
}

void check_same(const Verdict& one, const Verdict& other) {
  CHECK(one.decision == other.decision);
  CHECK(one.reason == other.reason);
  CHECK(one.benchmark_delta == other.benchmark_delta);
  CHECK(one.interval == other.interval);
  CHECK(one.cluster_deltas == other.cluster_deltas);
  CHECK(one.confidence == other.confidence);
  CHECK(one.looks == other.looks);
  CHECK(one.baseline_runs == other.baseline_runs);
  CHECK(one.candidate_runs == other.candidate_runs);
  CHECK(one.noise_floor == other.noise_floor);
}

bool wants_all(const Look& look, int baseline, int candidate) {
  return !look.verdict && std::all_of(look.wanted.begin(), look.wanted.end(), [&](const auto& w) {
    return w.baseline == baseline && w.candidate == candidate;
  });
}

/** Fifty noisy tasks: in both arms every task is right in `right` of its runs. */
Tasks noisy(int baseline_right, int candidate_runs, const std::function<int(int)>& right) {
  Tasks tasks = tasks_of(50);
  for (int i = 0; i < 50; ++i) {
    for (int run = 0; run < 8; ++run)
      tasks[static_cast<std::size_t>(i)].baseline.push_back(run < baseline_right ? 1.0 : 0.0);
    for (int run = 0; run < candidate_runs; ++run)
      tasks[static_cast<std::size_t>(i)].candidate.push_back(run < right(i) ? 1.0 : 0.0);
  }
  return tasks;
}

}  // namespace

TEST_CASE("gate: without tasks there is nothing to run") {
  const Look look = next_look({}, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::undecided);
  CHECK(look.verdict->reason == "there are no tasks to measure");
}

TEST_CASE("gate: without noise confidence one run of each arm decides, noisy or not") {
  GateRule rule;
  rule.noise_confidence = 0;
  CHECK(wants_all(next_look(tasks_of(9), rule, kAlpha), 1, 1));
  const Look look = next_look(measured(9, {0.0, 1.0}, {1.0, 0.0}), rule, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::accept);
  CHECK(look.verdict->baseline_runs == 9);
  CHECK(look.verdict->candidate_runs == 9);
  CHECK(look.verdict->looks == 0);
  CHECK(!look.verdict->noise_floor);
}

TEST_CASE("gate: first two runs of the present state and one of the candidate are wanted") {
  CHECK(wants_all(next_look(tasks_of(9), {}, kAlpha), 2, 1));
  CHECK(wants_all(next_look(measured(9, {1.0, 1.0}, {}), {}, kAlpha), 2, 1));
  Tasks interrupted = measured(9, {1.0, 0.0}, {1.0});
  interrupted[4].baseline.pop_back();
  CHECK(wants_all(next_look(interrupted, {}, kAlpha), 2, 1));
}

TEST_CASE("gate: a candidate that changes nothing on a steady student is not run again") {
  const Look look = next_look(measured(20, {1.0, 1.0}, {1.0}), {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::reject);
  CHECK(look.verdict->reason == "no improvement: +0.0 points over 20 tasks");
  CHECK(look.verdict->noise_floor == 0.0);
}

TEST_CASE("gate: a loss on a steady student is not confirmed first") {
  const Look look = next_look(measured(20, {1.0, 1.0}, {0.0}), {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::reject);
}

TEST_CASE(
    "gate: on a steady student only what changed is seen twice, then the plain rule decides") {
  Tasks tasks = measured(20, {0.0, 0.0}, {0.0});
  for (const std::size_t i : {3u, 7u, 8u}) tasks[i].candidate = {1.0};
  Look look = next_look(tasks, {}, kAlpha);
  REQUIRE(!look.verdict);
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(look.wanted[i].candidate == (tasks[i].candidate[0] == 1.0 ? 2 : 1));
  for (const std::size_t i : {3u, 7u, 8u}) tasks[i].candidate.push_back(1.0);
  look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::accept);
  CHECK(look.verdict->reason == "improvement: +15.0 points over 20 tasks");
  CHECK(look.verdict->looks == 0);
  CHECK(look.verdict->candidate_runs == 23);
}

TEST_CASE("gate: a single task that decides is run until a thrown coin would have shown itself") {
  Tasks tasks = measured(20, {0.0, 0.0}, {0.0});
  tasks[5].candidate = {1.0};
  CHECK(next_look(tasks, {}, 0.1).wanted[5].candidate == 2);
  const Look careful = next_look(tasks, {}, 0.02);
  CHECK(careful.wanted[5].candidate == 3);
  CHECK(careful.wanted[5].baseline == 3);
  CHECK(careful.wanted[6].candidate == 1);
  CHECK(next_look(tasks, {}, 0).wanted[5].candidate == 8);
}

TEST_CASE("gate: a change that could not be seen again is missing") {
  Tasks tasks = measured(20, {0.0, 0.0}, {0.0});
  tasks[5].candidate = {1.0, std::nullopt};
  const Look look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::reject);
  CHECK(look.verdict->reason == "no improvement: +0.0 points over 19 tasks");
}

TEST_CASE("gate: noise in the present state or in what changed leads to the looks") {
  Tasks tasks = measured(20, {1.0, 1.0}, {1.0});
  tasks[2].baseline = {1.0, 0.0};
  CHECK(wants_all(next_look(tasks, {}, kAlpha), 8, 1));
  tasks = measured(20, {0.0, 0.0}, {1.0, 1.0});
  tasks[2].candidate = {1.0, 0.0};
  CHECK(wants_all(next_look(tasks, {}, kAlpha), 8, 1));
}

TEST_CASE("gate: the looks are at one, two, four and eight runs of the candidate") {
  // Seven eighths before, all right afterwards: a gain that is sure from the second look on.
  CHECK(wants_all(next_look(noisy(7, 1, [](int) { return 8; }), {}, kAlpha), 8, 2));
  CHECK(wants_all(next_look(noisy(7, 2, [](int) { return 8; }), {}, kAlpha), 8, 4));
  const Look look = next_look(noisy(7, 4, [](int) { return 8; }), {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::accept);
  CHECK(look.verdict->looks == 3);
  CHECK(look.verdict->baseline_runs == 400);
  CHECK(look.verdict->candidate_runs == 200);
  CHECK(look.verdict->reason == "improvement: +12.5 ± 0.0 points over 50 tasks, 4 runs each");
  CHECK(*look.verdict->confidence > 0.999);
}

TEST_CASE("gate: no gain after the first look ends the trial") {
  const Look look = next_look(noisy(4, 1, [](int i) { return i % 2; }), {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::reject);
  CHECK(look.verdict->looks == 1);
  CHECK(look.verdict->candidate_runs == 50);
  CHECK(look.verdict->reason.rfind("no improvement: +0.0 points over 50 tasks", 0) == 0);
}

TEST_CASE("gate: a gain within the noise stays undecided and says what would tell") {
  Tasks tasks = noisy(4, 0, [](int) { return 0; });
  for (std::size_t i = 0; i < 50; ++i)
    for (std::size_t run = 0; run < 8; ++run)
      tasks[i].candidate.push_back(i >= 47 || (i + run) % 2 == 0 ? 1.0 : 0.0);
  const Look look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::undecided);
  CHECK(look.verdict->looks == 4);
  CHECK(*look.verdict->confidence == doctest::Approx(0.875));
  CHECK(
      look.verdict->reason ==
      "within noise: +3.0 points, but re-running the same settings moves the score by ±6.1; about "
      "720 more task runs would tell");
}

TEST_CASE("gate: min_improvement is what the runs must be above") {
  GateRule rule;
  rule.min_improvement = 0.2;
  const Look look = next_look(noisy(7, 8, [](int) { return 8; }), rule, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::reject);
  CHECK(look.verdict->reason ==
        "no improvement: +12.5 points over 50 tasks, more than +20.0 points needed");
}

TEST_CASE("gate: a broken cluster is vetoed at the first look that can tell") {
  Tasks tasks = noisy(4, 4, [](int i) { return i < 40 ? 4 : 0; });
  for (int i = 0; i < 50; ++i)
    tasks[static_cast<std::size_t>(i)].query_class = i < 40 ? "code" : "math";
  const Look look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::reject);
  CHECK(look.verdict->reason == "regression in math: −50.0 points");
  CHECK(look.verdict->cluster_deltas.at("code") == doctest::Approx(0.5));
}

TEST_CASE("gate: a cluster that may have fallen asks for the last look") {
  // One eighth lost in ten tasks: 0.125, where 0.05 and half an error of 0.06 are allowed.
  const auto right = [](int runs) {
    return [runs](int i) { return i < 40 ? runs : runs / 4 + (i % 2 == 0 ? runs / 4 : 0); };
  };
  Tasks tasks = noisy(4, 4, right(4));
  for (int i = 0; i < 50; ++i)
    tasks[static_cast<std::size_t>(i)].query_class = i < 40 ? "code" : "math";
  CHECK(wants_all(next_look(tasks, {}, kAlpha), 8, 8));
}

TEST_CASE("gate: under nine tenths of an arm's runs measured nothing is decided") {
  Tasks tasks = measured(20, {1.0, 1.0}, {1.0});
  for (const std::size_t i : {1u, 2u, 3u}) {
    tasks[i].candidate = {std::nullopt};
    tasks[i].missing_reason = i == 1 ? "timeout" : "connection refused";
  }
  Look look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::undecided);
  CHECK(look.verdict->reason ==
        "only 17 of 20 task runs of the candidate could be measured: connection refused");

  tasks = noisy(4, 1, [](int) { return 1; });
  for (std::size_t i = 0; i < 11; ++i)
    for (std::size_t run = 0; run < 4; ++run) tasks[i].baseline[run] = std::nullopt;
  look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::undecided);
  CHECK(look.verdict->reason == "only 356 of 400 task runs of the present state could be measured");
}

TEST_CASE("gate: a few missing runs are left out of the means, never counted as wrong") {
  Tasks tasks = noisy(4, 4, [](int) { return 4; });
  for (std::size_t i = 0; i < 4; ++i) tasks[i].candidate[2] = std::nullopt;
  const Look look = next_look(tasks, {}, kAlpha);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::accept);
  CHECK(*look.verdict->benchmark_delta == doctest::Approx(0.5));
  CHECK(look.verdict->candidate_runs == 196);
}

TEST_CASE("gate: without any error to spend a noisy student changes nothing") {
  const Look look = next_look(noisy(4, 8, [](int) { return 8; }), {}, 0);
  REQUIRE(look.verdict);
  CHECK(look.verdict->decision == Decision::undecided);
  CHECK(look.verdict->reason ==
        "not certain enough: +50.0 ± 0.0 points over 50 tasks, 8 runs each");
}

TEST_CASE("gate: the order of the tasks changes nothing, weighted and missing ones included") {
  std::mt19937 random(5);
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const NoisyStudent student =
        NoisyStudent(seed, 0.05 * static_cast<double>(seed % 4)).losing(0.03);
    Tasks tasks = tasks_of(30, {"math", "code", "short"});
    for (TaskRuns& task : tasks)
      if (seed % 2 == 1) task.weight = 0.5 + static_cast<double>(random() % 100) / 100;
    Tasks shuffled = tasks;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    check_same(*play(tasks, student), *play(shuffled, student));
  }
}

TEST_CASE("gate: a trial that is cut off at any run and gone on with ends in the same verdict") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const NoisyStudent student(seed, 0.06 * static_cast<double>(seed % 3));
    Tasks whole = tasks_of(20, {"math", "code"});
    const Verdict expected = *play(whole, student);
    const int runs = count_attempts(whole, Arm::baseline) + count_attempts(whole, Arm::candidate);
    for (int cut = 0; cut < runs; cut += 7) {
      Tasks tasks = tasks_of(20, {"math", "code"});
      REQUIRE(!play(tasks, student, cut));
      check_same(*play(tasks, student), expected);
      CHECK(count_attempts(tasks, Arm::candidate) == count_attempts(whole, Arm::candidate));
    }
  }
}

TEST_CASE("gate: runs of the present state that an earlier edit brought change no decision") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const NoisyStudent student(seed, 0.1);
    Tasks alone = tasks_of(30), cached = tasks_of(30);
    int plenty = 1 << 30;
    fill(cached, std::vector<WantedRuns>(30, {8, 0}), student, plenty);
    check_same(*play(alone, student), *play(cached, student));
  }
}

TEST_CASE("gate: of two arms that are swapped never both are accepted") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    Tasks tasks = tasks_of(25, {"math", "code"});
    for (TaskRuns& task : tasks) {
      const double before = 0.5, after = seed % 2 == 0 ? 0.8 : 0.5;
      for (int run = 0; run < 8; ++run) {
        task.baseline.push_back(std::uniform_real_distribution<>(0, 1)(random) < before);
        task.candidate.push_back(std::uniform_real_distribution<>(0, 1)(random) < after);
      }
    }
    const Look one = next_look(tasks, {}, kAlpha);
    for (TaskRuns& task : tasks) std::swap(task.baseline, task.candidate);
    const Look other = next_look(tasks, {}, kAlpha);
    REQUIRE(one.verdict);
    REQUIRE(other.verdict);
    CHECK(!(one.verdict->decision == Decision::accept &&
            other.verdict->decision == Decision::accept));
  }
}
