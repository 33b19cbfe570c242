#include "core/session/record/step_log.hpp"

#include <doctest/doctest.h>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/session_parts.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** Remembers the last of each kind. */
class Heard : public Progress {
 public:
  std::string line;
  WorkCount work;
  double spent = -1;

  void step(const std::string& text) override { line = text; }
  void count(const WorkCount& told) override { work = told; }
  void money(double spent_usd, double) override { spent = spent_usd; }
};

struct LogFixture {
  MemoryFiles files;
  Heard heard;
  FixedClock clock;
  FakeTeacher purse;
  StepLog log{files, heard, clock, purse};

  const std::vector<json::object>& lines() { return files.lines["steps.jsonl"]; }
};

}  // namespace

TEST_CASE("step log: a step that cannot be written down is an error before it begins") {
  LogFixture fixture;
  fixture.files.full = true;
  const auto begun = fixture.log.begin("plan");
  REQUIRE_FALSE(begun);
  CHECK_FALSE(begun.error().message.empty());
}

TEST_CASE(
    "step log: what is told as progress goes on to the listener though nothing can be written") {
  LogFixture fixture;
  fixture.files.full = true;
  fixture.log.step("teacher calls get_trace");
  fixture.log.count({"benchmark", 3, 10});
  CHECK(fixture.heard.line == "teacher calls get_trace");
  CHECK(fixture.heard.work.done == 3);
}

TEST_CASE("step log: every step has a line before and one after, with the money at that time") {
  LogFixture fixture;
  REQUIRE(fixture.log.begin("edit", {{"edit_id", "e1"}}));
  fixture.purse.calls = 7;
  REQUIRE(fixture.log.end("edit", {{"edit_id", "e1"}, {"status", "applied"}}));
  REQUIRE(fixture.lines().size() == 2);
  CHECK(fixture.lines()[0].at("state") == "begin");
  CHECK(fixture.lines()[0].at("spent_usd").as_double() == doctest::Approx(0.0));
  CHECK(fixture.lines()[1].at("state") == "end");
  CHECK(fixture.lines()[1].at("edit_id") == "e1");
  CHECK(fixture.lines()[1].at("spent_usd").as_double() == doctest::Approx(0.07));
  CHECK(fixture.heard.spent == doctest::Approx(0.07));
}

TEST_CASE("step log: a count goes in once a second, and on to the listener each time") {
  LogFixture fixture;
  for (int done = 1; done <= 100; ++done) fixture.log.count({"benchmark", done, 100});
  CHECK(fixture.heard.work.done == 100);
  CHECK(fixture.lines().size() == 1);
  fixture.clock.seconds += 1;
  fixture.log.count({"benchmark", 100, 100, 0.1, std::array<double, 2>{-0.1, 0.3}});
  REQUIRE(fixture.lines().size() == 2);
  CHECK(fixture.lines()[1].at("delta").as_double() == doctest::Approx(0.1));
  CHECK(fixture.lines()[1].at("interval").as_array().size() == 2);
  fixture.clock.seconds -= 1000;
  fixture.log.count({"benchmark", 100, 100});
  CHECK(fixture.lines().size() == 3);
}

TEST_CASE("step log: an applied edit ends with its commit and then with what it came to") {
  LogFixture fixture;
  EditOutcome outcome;
  outcome.edit.id = "e1";
  outcome.status = EditStatus::applied;
  outcome.commit = "abc";
  outcome.verdict.emplace();
  outcome.verdict->decision = Decision::accept;
  outcome.verdict->benchmark_delta = 0.25;
  outcome.verdict->interval = std::array<double, 2>{0.1, 0.4};
  REQUIRE(record_end(fixture.log, outcome));
  CHECK(fixture.heard.line == "edit e1: applied, +25.0 points (90 %: +10.0 to +40.0)");
  REQUIRE(fixture.lines().size() == 3);
  CHECK(fixture.lines()[1].at("step") == "apply");
  CHECK(fixture.lines()[1].at("commit") == "abc");
  CHECK(fixture.lines()[2].at("status") == "applied");
  CHECK(fixture.lines()[2].at("delta").as_double() == doctest::Approx(0.25));
}
