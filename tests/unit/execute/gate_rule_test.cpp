#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "core/session/execute/gate/rule.hpp"
#include "tests/unit/execute/gate_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

Verdict verdict_of(const std::vector<Pair>& pairs, const GateRule& rule = {}) {
  return decide(before(pairs), after(pairs), rule);
}

std::vector<Pair> pairs_of(int improved, int worse, int same) {
  std::vector<Pair> pairs;
  add(pairs, improved, {"math", 0, 1});
  add(pairs, worse, {"math", 1, 0});
  add(pairs, same, {"math", 1, 1});
  return pairs;
}

void lose(ArmScores& arm, std::size_t count, const std::string& reason) {
  for (std::size_t i = 0; i < count; ++i) {
    arm.tasks[i].score.reset();
    arm.tasks[i].missing_reason = reason;
  }
}

}  // namespace

TEST_CASE("gate: without tasks nothing is decided") {
  const Verdict verdict = decide({}, {}, {});
  CHECK(verdict.decision == Decision::undecided);
  CHECK(verdict.reason == "there are no tasks to measure");
  CHECK(!verdict.benchmark_delta);
  CHECK(!verdict.interval);
  CHECK(!verdict.confidence);
}

TEST_CASE(
    "gate: under nine tenths measured in either arm is undecided, with the commonest reason") {
  const auto pairs = pairs_of(20, 0, 30);
  ArmScores baseline = before(pairs), candidate = after(pairs);
  lose(candidate, 9, "connection refused");
  candidate.tasks[0].missing_reason = "timeout";
  Verdict verdict = decide(baseline, candidate, {});
  CHECK(verdict.decision == Decision::undecided);
  CHECK(verdict.reason == "only 41 of 50 tasks could be measured: connection refused");
  CHECK(verdict.benchmark_delta.has_value());

  std::swap(baseline, candidate);
  verdict = decide(baseline, candidate, {});
  CHECK(verdict.decision == Decision::undecided);
  CHECK(verdict.reason == "only 41 of 50 tasks could be measured: connection refused");
}

TEST_CASE("gate: exactly nine tenths measured is enough, and what is missing is not zero") {
  const auto pairs = pairs_of(50, 0, 0);
  ArmScores candidate = after(pairs);
  lose(candidate, 5, "timeout");
  const Verdict verdict = decide(before(pairs), candidate, {});
  CHECK(verdict.decision == Decision::accept);
  CHECK(*verdict.benchmark_delta == 1.0);
}

TEST_CASE("gate: refuses a candidate that changes nothing") {
  const Verdict verdict = verdict_of(pairs_of(0, 0, 50));
  CHECK(verdict.decision == Decision::reject);
  CHECK(verdict.reason == "no improvement: +0.0 points over 50 tasks");
  CHECK(*verdict.benchmark_delta == 0);
  CHECK(*verdict.confidence == 0);
}

TEST_CASE("gate: refuses a loss and says how large it is") {
  const Verdict verdict = verdict_of(pairs_of(1, 2, 47));
  CHECK(verdict.decision == Decision::reject);
  CHECK(verdict.reason == "no improvement: \u22122.0 points over 50 tasks");
}

TEST_CASE("gate: the mean must be above min_improvement, not at it") {
  GateRule rule;
  rule.min_improvement = 0.02;
  const Verdict verdict = verdict_of(pairs_of(1, 0, 49), rule);
  CHECK(verdict.decision == Decision::reject);
  CHECK(verdict.reason ==
        "no improvement: +2.0 points over 50 tasks, more than +2.0 points needed");
  CHECK(verdict_of(pairs_of(2, 0, 48), rule).decision == Decision::accept);
}

TEST_CASE("gate: refuses a regression in one cluster") {
  std::vector<Pair> pairs;
  add(pairs, 10, {"code", 0, 1});
  add(pairs, 15, {"code", 1, 1});
  add(pairs, 2, {"math", 1, 0});
  add(pairs, 23, {"math", 1, 1});
  const Verdict verdict = verdict_of(pairs);
  CHECK(verdict.decision == Decision::reject);
  CHECK(verdict.reason == "regression in math: \u22128.0 points");
  CHECK(verdict.cluster_deltas.at("math") == doctest::Approx(-0.08));
  CHECK(verdict.cluster_deltas.at("code") == doctest::Approx(0.4));
}

TEST_CASE("gate: a cluster may fall by max_regression, but not by more") {
  std::vector<Pair> pairs;
  add(pairs, 10, {"code", 0, 1});
  add(pairs, 1, {"math", 1, 0});
  add(pairs, 19, {"math", 1, 1});
  CHECK(verdict_of(pairs).decision == Decision::accept);
  GateRule strict;
  strict.max_regression = 0.04;
  CHECK(verdict_of(pairs, strict).decision == Decision::reject);
}

TEST_CASE("gate: small classes are merged, and the merged cluster has a veto from five tasks on") {
  std::vector<Pair> pairs;
  add(pairs, 20, {"math", 0, 1});
  add(pairs, 3, {"code", 1, 0});
  add(pairs, 2, {"short", 1, 1});
  const Verdict verdict = verdict_of(pairs);
  CHECK(verdict.decision == Decision::reject);
  CHECK(verdict.reason == "regression in other: \u221260.0 points");
  CHECK(verdict.cluster_deltas.size() == 2);
}

TEST_CASE("gate: a merged cluster of under five tasks is reported and has no veto") {
  std::vector<Pair> pairs;
  add(pairs, 20, {"math", 0, 1});
  add(pairs, 3, {"code", 1, 0});
  const Verdict verdict = verdict_of(pairs);
  CHECK(verdict.decision == Decision::accept);
  CHECK(verdict.reason == "improvement: +73.9 points over 23 tasks");
  CHECK(verdict.cluster_deltas.at("other") == -1.0);
}

TEST_CASE("gate: weights bend the mean") {
  std::vector<Pair> pairs;
  add(pairs, 10, {"math", 0, 1, 0.5});
  add(pairs, 10, {"math", 1, 0, 1.5});
  const Verdict verdict = verdict_of(pairs);
  CHECK(verdict.decision == Decision::reject);
  CHECK(*verdict.benchmark_delta == doctest::Approx(-0.5));
}

TEST_CASE("gate: sign-flip probabilities are the golden ones") {
  CHECK(1 - *verdict_of(pairs_of(5, 0, 45)).confidence == doctest::Approx(0.03125));
  CHECK(1 - *verdict_of(pairs_of(7, 1, 42)).confidence == doctest::Approx(0.03515625));
  CHECK(1 - *verdict_of(pairs_of(0, 5, 45)).confidence == doctest::Approx(1.0));
}

TEST_CASE("gate: the interval is the paired one by Student's t") {
  const Verdict verdict = verdict_of(pairs_of(10, 0, 40));
  REQUIRE(verdict.interval);
  // sd = 0.404061, se = 0.057143, t(49; 0.95) = 1.676551
  CHECK((*verdict.interval)[0] == doctest::Approx(0.2 - 0.095803).epsilon(1e-4));
  CHECK((*verdict.interval)[1] == doctest::Approx(0.2 + 0.095803).epsilon(1e-4));
}

TEST_CASE("gate: a single task has no interval") {
  const Verdict verdict = verdict_of(pairs_of(1, 0, 0));
  CHECK(!verdict.interval);
  CHECK(*verdict.confidence == doctest::Approx(0.5));
}

TEST_CASE("gate: permuting tasks changes nothing, and swapping arms never gives two accepts") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> score(0, 1);
  const std::vector<std::string> classes{"math", "code", "short", "general"};
  for (int round = 0; round < 50; ++round) {
    std::vector<Pair> pairs;
    for (int i = 0; i < 40; ++i)
      pairs.push_back({classes[random() % 4], score(random), score(random), 0.5 + score(random)});
    ArmScores baseline = before(pairs), candidate = after(pairs);
    const Verdict one = decide(baseline, candidate, {});
    const Verdict swapped = decide(candidate, baseline, {});
    CHECK(!(one.decision == Decision::accept && swapped.decision == Decision::accept));
    std::shuffle(baseline.tasks.begin(), baseline.tasks.end(), random);
    std::shuffle(candidate.tasks.begin(), candidate.tasks.end(), random);
    const Verdict two = decide(baseline, candidate, {});
    CHECK(one.decision == two.decision);
    CHECK(one.reason == two.reason);
    CHECK(one.benchmark_delta == two.benchmark_delta);
    CHECK(one.interval == two.interval);
    CHECK(one.cluster_deltas == two.cluster_deltas);
    CHECK(one.confidence == two.confidence);
  }
}
