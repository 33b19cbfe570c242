#include <doctest/doctest.h>

#include <thread>

#include "core/session/execute/gate/evaluator.hpp"
#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/evaluations.hpp"
#include "tests/support/fakes/home.hpp"

using namespace jarvis;
using jarvis::testing::EvaluationMemory;
using jarvis::testing::FakeJudge;
using jarvis::testing::FakeStudent;
using jarvis::testing::MemoryHome;

namespace {

/** Puts down every step. */
class Steps : public Progress {
 public:
  int most = 0;
  int total = 0;
  WorkCount last;  ///< told when all was done

  void step(const std::string&) override {}
  void count(const WorkCount& work) override {
    const std::lock_guard lock(mutex_);
    most = std::max(most, work.done);
    total = work.total;
    if (work.done == work.total) last = work;
  }
  void money(double, double) override {}

 private:
  std::mutex mutex_;
};

std::vector<Task> tasks_of(int count) {
  std::vector<Task> tasks;
  for (int i = 0; i < count; ++i) {
    Task task;
    task.id = "task-" + std::to_string(i);
    task.query = "question " + std::to_string(i);
    task.query_class = "math";
    task.gold = "gold";
    task.weight = 1 + i;
    tasks.push_back(task);
  }
  return tasks;
}

/** What student or judge say to some questions; the fakes' usual answer to the others. */
template <class Reply>
using Replies = std::map<std::string, Result<Reply>>;

struct Bench {
  MemoryHome home;
  MemoryHome other;
  FakeStudent student;
  FakeJudge judge;
  EvaluationMemory ledger;
  Steps steps;
  std::function<bool()> cancelled;
  int concurrency = 4;
  std::string student_identity = "runner/model";
  std::string judge_identity;
  Replies<std::string> answers;   // by question
  Replies<Judgement> judgements;  // by question

  Bench() {
    other.files["config.toml"] = "skill = 1\n";
    student.reply = [this](const HomeView& asked, const std::string& query) {
      const auto found = answers.find(query);
      return found != answers.end() ? found->second
                                    : Result<std::string>(*asked.read("config.toml") + query);
    };
    judge.reply = [this](const std::string& query, const std::string&, const std::string&) {
      const auto found = judgements.find(query);
      return found != judgements.end() ? found->second : Result<Judgement>(Judgement{1.0, ""});
    };
  }

  EvaluationParts parts() {
    return {student,   judge,     ledger,           concurrency,   &steps,
            cancelled, "session", student_identity, judge_identity};
  }
  Result<ArmScores> run(const std::vector<Task>& tasks) {
    const auto fingerprint = fingerprint_of(home);
    if (!fingerprint) return fingerprint.error();
    return Evaluator(parts()).measure_once(home, *fingerprint, 0, tasks);
  }

  ArmRequest arm(const MemoryHome& measured, std::vector<int> attempts, int first = 0) {
    return {&measured, *fingerprint_of(measured), std::move(attempts), first};
  }
  Result<Evaluation> run(const std::vector<ArmRequest>& arms, const std::vector<Task>& tasks) {
    return Evaluator(parts()).evaluate(arms, tasks);
  }
};

}  // namespace

TEST_CASE("evaluator: a ledger that cannot be read ends it before anything is paid") {
  Bench bench;
  bench.ledger.reads = false;
  const auto arm = bench.run(tasks_of(20));
  REQUIRE(!arm);
  CHECK(arm.error().message == "the ledger is damaged");
  CHECK(bench.student.calls == 0);
}

TEST_CASE("evaluator: a ledger that cannot be written ends it at once") {
  Bench bench;
  bench.ledger.writes = false;
  const auto arm = bench.run(tasks_of(50));
  REQUIRE(!arm);
  CHECK(arm.error().message == "the disk is full");
  CHECK(bench.student.calls <= bench.concurrency);
  CHECK(bench.judge.calls == 0);
}

TEST_CASE("evaluator: a list of attempts that does not fit the tasks is refused") {
  Bench bench;
  const auto evaluation = bench.run({bench.arm(bench.home, {1})}, tasks_of(2));
  REQUIRE(!evaluation);
  CHECK(evaluation.error().kind == ErrorKind::internal);
}

TEST_CASE("evaluator: failures of student and judge are missing with their reasons, never zero") {
  Bench bench;
  bench.answers.insert({"question 1", Error{ErrorKind::unavailable, "connection refused", ""}});
  bench.judgements.insert({"question 2", Judgement{std::nullopt, "?"}});
  bench.judgements.insert({"question 3", Judgement{1.5, ""}});
  bench.judgements.insert({"question 4", Error{ErrorKind::retryable, "overloaded", ""}});
  const auto arm = bench.run(tasks_of(6));
  REQUIRE(arm);
  REQUIRE(arm->tasks.size() == 6);
  CHECK(arm->tasks[0].score == 1.0);
  CHECK(arm->tasks[0].task_id == "task-0");
  CHECK(arm->tasks[5].weight == 6);
  for (std::size_t i = 1; i <= 4; ++i) CHECK(!arm->tasks[i].score);
  CHECK(arm->tasks[1].missing_reason == "connection refused");
  CHECK(arm->tasks[2].missing_reason == "the judge's reply could not be read: ?");
  CHECK(arm->tasks[3].missing_reason == "the judge's score does not lie in 0..1");
  CHECK(arm->tasks[4].missing_reason == "overloaded");
}

TEST_CASE("evaluator: the end of the money ends it, and finished runs are kept") {
  Bench bench;
  bench.judgements.insert({"question 5", Error{ErrorKind::budget, "the money is spent", ""}});
  const auto arm = bench.run(tasks_of(40));
  REQUIRE(!arm);
  CHECK(arm.error().kind == ErrorKind::budget);
  const int spent = bench.student.calls;
  CHECK(spent < 40);
  bench.judgements.clear();
  REQUIRE(bench.run(tasks_of(40)));
  CHECK(bench.student.calls == 40);
}

TEST_CASE("evaluator: stops when it is cancelled") {
  Bench bench;
  bench.cancelled = [&] { return bench.student.calls >= 3; };
  const auto arm = bench.run(tasks_of(50));
  REQUIRE(!arm);
  CHECK(arm.error().kind == ErrorKind::cancelled);
  CHECK(bench.student.calls < 10);
}

TEST_CASE("evaluator: an exception passes, and the key that was being worked on is free again") {
  Bench bench;
  Evaluator evaluator(bench.parts());
  bench.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    throw std::runtime_error("a fault");
  };
  const auto tasks = tasks_of(1);
  CHECK_THROWS_WITH(evaluator.evaluate({bench.arm(bench.home, {1})}, tasks), "a fault");
  bench.student.reply = nullptr;
  CHECK(evaluator.evaluate({bench.arm(bench.home, {1})}, tasks).ok());
}

TEST_CASE("evaluator: a finished call is never repeated, a failed one is") {
  Bench bench;
  bench.answers.insert({"question 1", Error{ErrorKind::unavailable, "down", ""}});
  bench.judgements.insert({"question 2", Error{ErrorKind::retryable, "overloaded", ""}});
  REQUIRE(bench.run(tasks_of(4)));
  CHECK(bench.student.calls == 4);
  CHECK(bench.judge.calls == 3);
  bench.answers.clear();
  bench.judgements.clear();
  const auto arm = bench.run(tasks_of(4));
  REQUIRE(arm);
  CHECK(arm->coverage() == 1);
  CHECK(bench.student.calls == 5);
  CHECK(bench.judge.calls == 5);
}

TEST_CASE("evaluator: another home is another run") {
  Bench bench;
  REQUIRE(bench.run(tasks_of(2)));
  bench.home.files["config.toml"] = "skill = 2\n";
  REQUIRE(bench.run(tasks_of(2)));
  CHECK(bench.student.calls == 4);
  bench.home.files["config.toml"] = "skill = 0\n";
  REQUIRE(bench.run(tasks_of(2)));
  CHECK(bench.student.calls == 4);
}

TEST_CASE("fault: the model or judge changes between runs: runs and scores are made anew") {
  Bench bench;
  REQUIRE(bench.run(tasks_of(2)));
  bench.judge_identity = "model, prompt 2";
  REQUIRE(bench.run(tasks_of(2)));
  CHECK(bench.student.calls == 2);
  CHECK(bench.judge.calls == 4);
  bench.student_identity = "runner/another model";
  REQUIRE(bench.run(tasks_of(2)));
  CHECK(bench.student.calls == 4);
  CHECK(bench.judge.calls == 4);
}

TEST_CASE("evaluator: both arms get the attempts that are wanted of each task") {
  Bench bench;
  bench.judgements.insert({"question 2", Error{ErrorKind::retryable, "overloaded", ""}});
  const auto tasks = tasks_of(3);
  const auto evaluation =
      bench.run({bench.arm(bench.home, {2, 2, 3}), bench.arm(bench.other, {1, 0, 1})}, tasks);
  REQUIRE(evaluation);
  CHECK(evaluation->student_calls == 9);
  CHECK(bench.steps.most == 9);
  CHECK(bench.steps.total == 9);
  const auto both = side_by_side(tasks, evaluation->arms[0], evaluation->arms[1]);
  REQUIRE(both.size() == 3);
  CHECK(both[0].task_id == "task-0");
  CHECK(both[1].query_class == "math");
  CHECK(both[2].weight == 3);
  using Scores = std::vector<std::optional<double>>;
  CHECK(both[0].baseline == Scores{1.0, 1.0});
  CHECK(both[0].candidate == Scores{1.0});
  CHECK(both[1].candidate == Scores{});
  CHECK(both[2].baseline == Scores{std::nullopt, std::nullopt, std::nullopt});
  CHECK(both[2].missing_reason == "overloaded");
  CHECK(both[0].missing_reason.empty());
}

TEST_CASE("evaluator: more attempts add to those that are there, whoever made them") {
  Bench bench;
  const auto tasks = tasks_of(5);
  REQUIRE(bench.run({bench.arm(bench.home, {2, 2, 2, 2, 2})}, tasks));
  CHECK(bench.student.calls == 10);
  const auto evaluation = bench.run({bench.arm(bench.home, {3, 2, 2, 1, 4})}, tasks);
  REQUIRE(evaluation);
  CHECK(evaluation->student_calls == 3);
  CHECK(bench.student.calls == 13);
  CHECK(evaluation->arms[0][4].size() == 4);
}

TEST_CASE("evaluator: a fresh series of attempts takes nothing from the earlier one") {
  Bench bench;
  const auto tasks = tasks_of(2);
  REQUIRE(bench.run({bench.arm(bench.home, {2, 2})}, tasks));
  const auto evaluation = bench.run({bench.arm(bench.home, {2, 2}, 2)}, tasks);
  REQUIRE(evaluation);
  CHECK(evaluation->student_calls == 4);
  CHECK(*bench.ledger.answer(run_key(*fingerprint_of(bench.home), tasks[1], "runner/model", 3)));
}

TEST_CASE("evaluator: answers that are the same are judged once") {
  Bench bench;
  const auto evaluation = bench.run({bench.arm(bench.home, std::vector<int>(6, 8))}, tasks_of(6));
  REQUIRE(evaluation);
  CHECK(evaluation->student_calls == 48);
  CHECK(evaluation->judge_calls == 6);
}

TEST_CASE("evaluator: two arms of the same state share their runs") {
  Bench bench;
  bench.concurrency = 8;
  const auto attempts = std::vector<int>(20, 2);
  const auto evaluation =
      bench.run({bench.arm(bench.home, attempts), bench.arm(bench.home, attempts)}, tasks_of(20));
  REQUIRE(evaluation);
  CHECK(evaluation->student_calls == 40);
  CHECK(bench.ledger.counts("session")->runs == 40);
}

TEST_CASE("evaluator: two evaluations at once make each call once") {
  Bench bench;
  Evaluator evaluator(bench.parts());
  const auto tasks = tasks_of(60);
  const auto measure = [&] {
    CHECK(evaluator.evaluate({bench.arm(bench.home, std::vector<int>(60, 1))}, tasks).ok());
  };
  { std::jthread first(measure), second(measure); }
  CHECK(bench.student.calls == 60);
  CHECK(bench.judge.calls == 60);
}

TEST_CASE(
    "evaluator: a state whose files are gone has the runs that are in the ledger, no others") {
  Bench bench;
  const auto tasks = tasks_of(3);
  REQUIRE(bench.run({bench.arm(bench.home, {1, 2, 0})}, tasks));
  bench.judge_identity = "another judge";
  ArmRequest gone = bench.arm(bench.home, {2, 2, 1});
  gone.home = nullptr;
  const auto evaluation = bench.run({gone}, tasks);
  REQUIRE(evaluation);
  CHECK(evaluation->student_calls == 0);
  CHECK(evaluation->judge_calls == 2);
  CHECK(bench.student.calls == 3);
  const ArmRuns& runs = evaluation->arms[0];
  CHECK(runs[0][0].score == 1.0);
  CHECK(runs[1][1].score == 1.0);
  for (const RunScore& missing : {runs[0][1], runs[2][0]}) {
    CHECK(!missing.score);
    CHECK(missing.missing_reason == "not measured");
  }
}

TEST_CASE("evaluator: the arms take turns task by task, first attempts before second ones") {
  Bench bench;
  bench.concurrency = 1;
  std::string order;
  bench.student.reply = [&](const HomeView& home, const std::string& query) {
    order += (&home == &bench.home ? "b" : "c") + query.substr(9) + " ";
    return Result<std::string>(query);
  };
  REQUIRE(bench.run({bench.arm(bench.home, {2, 1, 2}), bench.arm(bench.other, {1, 1, 1})},
                    tasks_of(3)));
  CHECK(order == "b0 c0 c1 b1 b2 c2 b0 b2 ");
}
