#include "core/session/execute/whole.hpp"

#include <doctest/doctest.h>

#include "tests/unit/execute/execute_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** Every "good" in the configuration teaches the student two answers more. */
Result<std::string> taught(const HomeView& home, const std::string& query) {
  const std::string config = *home.read("config.toml");
  int known = 0;
  for (std::size_t at = 0; (at = config.find("good", at)) != std::string::npos; ++at) known += 2;
  return std::string(query.back() - '0' < known ? "right" : "wrong");
}

}  // namespace

TEST_CASE("whole: one accepted edit is all there is, and nothing is measured again") {
  Executing executing;
  executing.student.reply = taught;
  REQUIRE(executing.run({edit_of("a", "good_one"), edit_of("b", "useless")}));
  CHECK(executing.outcome(0).status == EditStatus::applied);
  CHECK_FALSE(executing.execution.whole);
  CHECK_FALSE(executing.outcome(0).delta_in_company);
}

TEST_CASE("whole: without the money for it the edits stay, and the reason is told") {
  Executing executing;
  executing.student.reply = taught;
  REQUIRE(executing.run({edit_of("a", "good_one"), edit_of("b", "good_two")}));
  const int needed = executing.student.calls;

  Executing poorer;
  poorer.student.reply = [&](const HomeView& home, const std::string& query) {
    if (poorer.student.calls > needed - 1)
      return Result<std::string>(Error{ErrorKind::budget, "does not fit", ""});
    return taught(home, query);
  };
  REQUIRE(poorer.run({edit_of("a", "good_one"), edit_of("b", "good_two")}));
  REQUIRE(poorer.execution.whole);
  CHECK_FALSE(poorer.execution.whole->delta);
  CHECK(poorer.execution.whole->missing_reason == "not measured: does not fit");
  for (const EditOutcome& outcome : poorer.execution.outcomes) {
    CHECK(outcome.status == EditStatus::applied);
    CHECK_FALSE(outcome.delta_in_company);
  }
  CHECK(poorer.execution.after->overall_score == doctest::Approx(0.4));
}

TEST_CASE("whole: cancelling it is an error, and what was applied stays so") {
  Executing executing;
  executing.student.reply = taught;
  executing.cancelled = [&] { return executing.checkpoint.commits.size() == 2; };
  CHECK(executing.run({edit_of("a", "good_one"), edit_of("b", "good_two")}).error().kind ==
        ErrorKind::cancelled);
  CHECK(executing.outcome(1).status == EditStatus::applied);
  CHECK_FALSE(executing.execution.whole);
}

TEST_CASE("whole: what each edit adds sums up to the change of all") {
  Executing executing;
  executing.student.reply = taught;
  REQUIRE(
      executing.run({edit_of("a", "good_one"), edit_of("b", "useless"), edit_of("c", "good_two")}));
  REQUIRE(executing.execution.whole);
  const WholeChange& whole = *executing.execution.whole;
  CHECK(*whole.delta == doctest::Approx(0.4));
  CHECK(whole.task_count == 10);
  REQUIRE(whole.interval);
  CHECK((*whole.interval)[0] < 0.4);
  CHECK(*executing.outcome(0).delta_in_company == doctest::Approx(0.2));
  CHECK_FALSE(executing.outcome(1).delta_in_company);
  CHECK(*executing.outcome(2).delta_in_company == doctest::Approx(0.2));
}

TEST_CASE("whole: only the last state is asked anew; the others were the base of a trial") {
  Executing executing;
  executing.student.reply = taught;
  REQUIRE(executing.run({edit_of("a", "good_one"), edit_of("b", "good_two")}));
  // Three states that became the present one, two runs of each task in each; each of the two
  // candidates once, and once more where a task changed.
  CHECK(executing.student.calls == 3 * 20 + 2 * (10 + 2));
}

TEST_CASE("whole: luck that let an edit win does not count a second time") {
  Executing executing;
  std::atomic<int> lucky_runs{0};
  executing.student.reply = [&](const HomeView& home, const std::string& query) {
    const std::string config = *home.read("config.toml");
    if (config.find("lucky") != std::string::npos && config.find("good") == std::string::npos)
      return Result<std::string>(++lucky_runs <= 20 ? "right" : "wrong");
    return taught(home, query);
  };
  REQUIRE(executing.run({edit_of("a", "lucky"), edit_of("b", "good_one")}));
  REQUIRE(executing.outcome(0).status == EditStatus::applied);
  REQUIRE(executing.outcome(1).status == EditStatus::applied);
  CHECK(*executing.outcome(0).verdict->benchmark_delta == doctest::Approx(1.0));
  REQUIRE(executing.execution.whole);
  CHECK(*executing.outcome(0).delta_in_company == doctest::Approx(0.0));
  CHECK(*executing.outcome(1).delta_in_company == doctest::Approx(0.2));
  CHECK(*executing.execution.whole->delta == doctest::Approx(0.2));
  CHECK(executing.execution.after->overall_score == doctest::Approx(0.2));
}

TEST_CASE("verdict: says of every task how it did in both arms, and what the trial took") {
  Executing executing;
  executing.student.reply = taught;
  REQUIRE(executing.run({edit_of("a", "good_one")}));
  const EditOutcome& outcome = executing.outcome(0);
  REQUIRE(outcome.verdict->tasks.size() == 10);
  int better = 0;
  for (const TaskResult& task : outcome.verdict->tasks) {
    CHECK(task.baseline_runs == 2);
    CHECK(task.candidate_runs >= 1);
    if (*task.candidate > *task.baseline) ++better;
  }
  CHECK(better == 2);
  // One run of each task was made to score the present state, before the trial.
  CHECK(outcome.cost.student_runs == executing.student.calls - 10);
}
