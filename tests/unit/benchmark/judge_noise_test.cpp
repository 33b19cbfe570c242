#include "core/benchmark/judge_noise.hpp"

#include <doctest/doctest.h>

#include <mutex>
#include <set>

#include "tests/support/fakes/benchmark.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/evaluations.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

constexpr const char* kJudge = "judge and prompt";

/** Cannot be read, or not be written, any longer. */
class BrokenLedger : public EvaluationMemory {
 public:
  bool finds_outputs = true, finds_scores = true, keeps_scores = true;

  Result<std::vector<std::string>> newest_outputs(const std::string& task, int limit) override {
    if (!finds_outputs) return Error{ErrorKind::invalid, "damaged", ""};
    return EvaluationMemory::newest_outputs(task, limit);
  }
  Result<std::optional<double>> score(const JudgeKey& key) override {
    if (!finds_scores) return Error{ErrorKind::invalid, "damaged", ""};
    return EvaluationMemory::score(key);
  }
  Result<void> keep_score(const JudgeKey& key, const std::string& session, double score) override {
    if (!keeps_scores) return Error{ErrorKind::io, "disk full", ""};
    return EvaluationMemory::keep_score(key, session, score);
  }
};

/** Scores each pair of gold and answer by `first` when it is asked first, and by `second` then. */
struct ChangingJudge {
  double first = 0, second = 1;
  std::mutex mutex;
  std::set<std::string> seen;

  Result<Judgement> operator()(const std::string&, const std::string& gold,
                               const std::string& answer) {
    const std::lock_guard lock(mutex);
    return Judgement{seen.insert(gold + "|" + answer).second ? first : second, ""};
  }
};

struct Bench {
  FakeTraces traces;
  BrokenLedger ledger;
  FakeStudent student;
  FakeJudge judge;
  Benchmark benchmark;
  bool may_call = true;

  Bench() { judge.reply = exact; }

  /** Tasks with the gold "right", whose traces have another answer. */
  void add_rated(int count, double feedback) {
    for (int i = 0; i < count; ++i) {
      Task task = gold_task(std::to_string(benchmark.tasks.size()), Part::held_out);
      task.trace_id = traces.add(task.query, feedback, "what the user saw").id;
      benchmark.tasks.push_back(task);
    }
  }

  void record(const std::string& output) {
    for (const Task& task : benchmark.tasks)
      REQUIRE(ledger.keep_answer({output, task.id, "", "", 0}, "s", {output, "", {}, {}}));
  }

  JudgeKey key_of(const Task& task, const std::string& output, int repetition = 0) const {
    return {task.query, task.gold, output, kJudge, repetition};
  }

  Result<JudgeNoise> try_measure() {
    Turns turns;
    RecordedCalls calls({student, judge, ledger, {}, "s", "", kJudge}, turns);
    JudgeNoiseParts parts{traces, ledger, kJudge, {}, nullptr, 4, nullptr, nullptr};
    if (may_call) parts.calls = &calls;
    return measure_judge_noise(benchmark, parts);
  }

  JudgeNoise measure() {
    const auto noise = try_measure();
    REQUIRE(noise.ok());
    return *noise;
  }
};

}  // namespace

TEST_CASE("judge noise: a ledger that cannot be used is an error, and is not paid for twice") {
  Bench bench;
  bench.add_rated(10, 0);
  SUBCASE("no outputs") {
    bench.ledger.finds_outputs = false;
  }
  SUBCASE("no scores") {
    bench.ledger.finds_scores = false;
  }
  SUBCASE("nothing is kept") {
    bench.ledger.keeps_scores = false;
  }
  const auto noise = bench.try_measure();
  REQUIRE(!noise.ok());
  CHECK(bench.judge.calls <= 10);
}

TEST_CASE("judge noise: traces that cannot be read are an error, traces that are gone are not") {
  class NoTraces : public FakeTraces {
   public:
    ErrorKind kind = ErrorKind::io;
    Result<Trace> find(const std::string&) const override { return Error{kind, "no", ""}; }
  } traces;
  Bench bench;
  bench.add_rated(3, 0);
  const JudgeNoiseParts parts{traces, bench.ledger, kJudge, {}, nullptr, 1, nullptr, nullptr};
  CHECK(!measure_judge_noise(bench.benchmark, parts).ok());
  traces.kind = ErrorKind::not_found;
  const auto noise = measure_judge_noise(bench.benchmark, parts);
  REQUIRE(noise.ok());
  CHECK(noise->with_user.asked == 0);
}

TEST_CASE("judge noise: nothing to judge is no call") {
  Bench bench;
  CHECK(bench.measure().calls == 0);
  bench.add_rated(5, 1);
  for (Trace& trace : bench.traces.traces) trace.result = "right";
  bench.record("right");
  const JudgeNoise noise = bench.measure();
  CHECK(noise.with_itself.asked == 0);
  CHECK(noise.with_user.asked == 0);
  CHECK(noise.with_itself.mean_difference == 0);
  CHECK(bench.judge.calls == 0);
}

TEST_CASE("judge noise: a judge that cannot be reached is asked no further") {
  for (const ErrorKind kind : {ErrorKind::unavailable, ErrorKind::budget, ErrorKind::cancelled}) {
    Bench bench;
    bench.add_rated(20, 0);
    bench.judge.reply = [&](const auto&, const auto&, const auto&) {
      return Error{kind, "it ended", "do that"};
    };
    const JudgeNoise noise = bench.measure();
    CHECK(bench.judge.calls <= 4);
    CHECK(noise.with_itself.asked == 0);
    CHECK(noise.missing == 40);
    REQUIRE(noise.failure);
    CHECK(noise.failure->message == "it ended");
  }
}

TEST_CASE("judge noise: replies that cannot be read are missing, the others count") {
  Bench bench;
  bench.add_rated(20, 0);
  bench.judge.reply = [](const std::string& query, const auto&, const auto&) {
    if (query.back() == '7') return Judgement{std::nullopt, "prose"};
    return Judgement{0.0, ""};
  };
  const JudgeNoise noise = bench.measure();
  CHECK(noise.with_user.asked == 18);
  CHECK(noise.with_itself.asked == 18);
  CHECK(noise.missing == 4);
  REQUIRE(noise.failure);
  CHECK(noise.failure->message.find("could not be read") != std::string::npos);
}

TEST_CASE("judge noise: a steady judge never disagrees with itself") {
  Bench bench;
  bench.add_rated(30, 0);
  bench.record("wrong");
  const JudgeNoise noise = bench.measure();
  CHECK(noise.with_itself.asked == 20);
  CHECK(noise.with_itself.disagree == 0);
  CHECK(noise.with_itself.mean_difference == 0);
  CHECK(noise.calls == 60);
  CHECK(!noise.failure);
}

TEST_CASE("judge noise: a judge that changes its mind is counted, with how far it went") {
  Bench bench;
  ChangingJudge judge;
  bench.judge.reply = std::ref(judge);
  bench.add_rated(30, 0.5);
  for (Task& task : bench.benchmark.tasks) task.gold = "right " + task.id;
  bench.record("wrong");
  SUBCASE("over the border") {
    const JudgeNoise noise = bench.measure();
    CHECK(noise.with_itself.asked == 20);
    CHECK(noise.with_itself.disagree == 20);
    CHECK(noise.with_itself.mean_difference == doctest::Approx(1));
  }
  SUBCASE("on one side of it") {
    judge.first = 0.75;
    judge.second = 0.5;
    const JudgeNoise noise = bench.measure();
    CHECK(noise.with_itself.disagree == 0);
    CHECK(noise.with_itself.mean_difference == doctest::Approx(0.25));
  }
}

TEST_CASE("judge noise: the same question asked again makes no call and gives the same") {
  Bench bench;
  ChangingJudge judge;
  bench.judge.reply = std::ref(judge);
  bench.add_rated(40, 0);
  bench.record("wrong");
  bench.record("wronger");
  const JudgeNoise first = bench.measure();
  const int calls = bench.judge.calls;
  CHECK(first.calls == calls);
  SUBCASE("by whoever may call") {}
  SUBCASE("by whoever may not") {
    bench.may_call = false;
  }
  SUBCASE("of a version with other tasks too") {
    bench.add_rated(40, 0);
  }
  const JudgeNoise second = bench.measure();
  CHECK(second.calls == 0);
  CHECK(bench.judge.calls == calls);
  CHECK(second.with_itself.asked == first.with_itself.asked);
  CHECK(second.with_itself.disagree == first.with_itself.disagree);
  CHECK(second.with_itself.mean_difference == first.with_itself.mean_difference);
  CHECK(second.with_user.asked == first.with_user.asked);
  CHECK(second.with_user.disagree == first.with_user.disagree);
}

TEST_CASE("judge noise: without calls an answer that was judged once says nothing of steadiness") {
  Bench bench;
  bench.may_call = false;
  bench.add_rated(5, 0.5);
  bench.record("wrong");
  for (const Task& task : bench.benchmark.tasks)
    REQUIRE(bench.ledger.keep_score(bench.key_of(task, "wrong"), "s", 0));
  CHECK(bench.measure().with_itself.asked == 0);
  CHECK(bench.measure().missing == 0);
  REQUIRE(bench.ledger.keep_score(bench.key_of(bench.benchmark.tasks[3], "wrong", 1), "s", 1));
  CHECK(bench.measure().with_itself.asked == 1);
  CHECK(bench.measure().with_itself.disagree == 1);
}

TEST_CASE(
    "judge noise: half of what is judged twice was right and half wrong, where there are such") {
  // The second score is 0 for all: what disagrees was right at first.
  const auto disagree_with = [&](int right) {
    Bench other;
    other.add_rated(40, 0.5);
    other.record("an answer");
    for (int i = 0; i < 40; ++i)
      REQUIRE(other.ledger.keep_score(
          other.key_of(other.benchmark.tasks[static_cast<std::size_t>(i)], "an answer"), "s",
          i < right ? 1 : 0));
    const JudgeNoise noise = other.measure();
    CHECK(noise.with_itself.asked == 20);
    CHECK(noise.calls == 20);
    return noise.with_itself.disagree;
  };
  CHECK(disagree_with(0) == 0);
  CHECK(disagree_with(3) == 3);
  CHECK(disagree_with(20) == 10);
  CHECK(disagree_with(37) == 17);
  CHECK(disagree_with(40) == 20);
}

TEST_CASE("judge noise: practice tasks are judged against the user alone") {
  Bench bench;
  bench.add_rated(8, 0);
  for (Task& task : bench.benchmark.tasks) task.part = Part::practice;
  bench.record("wrong");
  const JudgeNoise noise = bench.measure();
  CHECK(noise.with_user.asked == 8);
  CHECK(noise.with_itself.asked == 0);
}

TEST_CASE("judge noise: where no answer is recorded, the rated ones are judged twice") {
  Bench bench;
  bench.add_rated(6, 0);
  const JudgeNoise noise = bench.measure();
  CHECK(noise.with_user.asked == 6);
  CHECK(noise.with_itself.asked == 6);
  CHECK(noise.calls == 12);
}

TEST_CASE(
    "judge noise: against the user it is wrong both ways, and lukewarm ratings do not count") {
  Bench bench;
  bench.add_rated(3, 1);
  bench.add_rated(4, 0);
  bench.add_rated(5, 0.5);
  SUBCASE("everything is right") {
    bench.judge.reply = {};
    CHECK(bench.measure().with_user.disagree == 4);
  }
  SUBCASE("nothing is right") {
    CHECK(bench.measure().with_user.disagree == 3);
  }
  CHECK(bench.measure().with_user.asked == 7);
  SUBCASE("a trace that was rated anew counts as it is rated now") {
    bench.traces.traces.front().feedback.reset();
    CHECK(bench.measure().with_user.asked == 6);
  }
}

TEST_CASE(
    "judge noise: what was disliked and equals gold is a disagreement, not an unsteady judge") {
  Bench bench;
  bench.add_rated(3, 0);
  for (Trace& trace : bench.traces.traces) trace.result = "right";
  const JudgeNoise noise = bench.measure();
  CHECK(noise.with_user.asked == 3);
  CHECK(noise.with_user.disagree == 3);
  CHECK(noise.with_itself.asked == 0);
}

TEST_CASE("judge noise: another judge is measured anew") {
  Bench bench;
  bench.add_rated(4, 0);
  CHECK(bench.measure().calls == 8);
  const JudgeNoiseParts parts{bench.traces, bench.ledger, "another judge", {}, nullptr, 1,
                              nullptr,      nullptr};
  const auto noise = measure_judge_noise(bench.benchmark, parts);
  REQUIRE(noise.ok());
  CHECK(noise->with_user.asked == 0);
  CHECK(noise->with_itself.asked == 0);
}
