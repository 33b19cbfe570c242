#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "tests/unit/diagnose/diagnose_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

const json::object kTask{{"task_id", "p1"}};

/** The student counts its answers. */
void count_answers(DiagnoseFixture& fixture) {
  fixture.student.reply = [&fixture](const HomeView&, const std::string&) {
    return Result<std::string>("answer " + std::to_string(fixture.student.calls));
  };
}

std::string output_of(const Result<json::object>& ran) {
  REQUIRE_MESSAGE(ran.ok(), (ran ? "" : ran.error().message));
  return std::string(ran->at("output").as_string());
}

/** One diagnosis that runs and compares p1. */
json::object examine(DiagnoseFixture& fixture) {
  const Asked ask(fixture);
  const auto ran = ask("student", kTask);
  REQUIRE(ran.ok());
  REQUIRE(ask("teacher", kTask).ok());
  REQUIRE(ask("judge", kTask).ok());
  return *ran;
}

}  // namespace

TEST_CASE("recorded diagnosis: a ledger that cannot be written ends the tool call, and the next") {
  DiagnoseFixture fixture;
  fixture.ledger.writes = false;
  const Asked ask(fixture);
  for (const char* task : {"p1", "p2"})
    CHECK(ask("student", {{"task_id", task}}).error().message == "the disk is full");
  CHECK(fixture.student.calls == 1);
  CHECK(ask.evidence.answers(Answerer::student, "p1").empty());
}

TEST_CASE("recorded diagnosis: a home that cannot be read is an error, and nothing is called") {
  struct Unreadable : DiagnoseFixture {
    struct Home : MemoryHome {
      Result<std::vector<std::string>> tracked_files() const override {
        return Error{ErrorKind::io, "cannot read the home", ""};
      }
    } broken;
  } fixture;
  DiagnoseFixture& plain = fixture;
  const DiagnoseInputs inputs = plain.inputs_of(fixture.broken);
  Evidence evidence;
  const DiagnosisServices services(inputs, evidence);
  CHECK(services.serve("student", kTask).error().message == "cannot read the home");
  CHECK(fixture.student.calls == 0);
}

TEST_CASE("recorded diagnosis: a judge that cannot be understood is told with the task's name") {
  DiagnoseFixture fixture;
  fixture.judge.reply = [](const std::string&, const std::string&, const std::string&) {
    return Result<Judgement>(Judgement{std::nullopt, "no number"});
  };
  const Asked ask(fixture);
  REQUIRE(ask("student", kTask).ok());
  CHECK(ask("judge", kTask).error().message ==
        "task 'p1' could not be scored: the judge's reply could not be read: no number");
}

TEST_CASE("recorded diagnosis: the next one of the same files calls neither student nor judge") {
  DiagnoseFixture fixture;
  const json::object first = examine(fixture);
  const int student = fixture.student.calls, judge = fixture.judge.calls;
  CHECK(student == 1);
  CHECK(judge == 2);
  CHECK(examine(fixture) == first);
  CHECK(fixture.student.calls == student);
  CHECK(fixture.judge.calls == judge);
}

TEST_CASE("recorded diagnosis: a changed home is run anew, and found again when it comes back") {
  DiagnoseFixture fixture;
  count_answers(fixture);
  const json::object first = examine(fixture);
  fixture.home.files["config.toml"] += "# another\n";
  CHECK(examine(fixture).at("output") == "answer 2");
  CHECK(fixture.student.calls == 2);
  fixture.home.files["config.toml"].resize(fixture.home.files["config.toml"].size() - 10);
  CHECK(examine(fixture) == first);
  CHECK(fixture.student.calls == 2);
}

TEST_CASE("recorded diagnosis: the runs of one task are different ones, in the next session too") {
  DiagnoseFixture fixture;
  count_answers(fixture);
  for (int session = 0; session < 2; ++session) {
    const Asked ask(fixture);
    CHECK(output_of(ask("student", kTask)) == "answer 1");
    CHECK(output_of(ask("student", kTask)) == "answer 2");
    CHECK(ask.evidence.answers(Answerer::student, "p1").size() == 2);
  }
  const Asked ask(fixture);
  for (int run = 1; run <= 3; ++run)
    CHECK(output_of(ask("student", kTask)) == "answer " + std::to_string(run));
  CHECK(fixture.student.calls == 3);
}

TEST_CASE("recorded diagnosis: a run that failed is no run") {
  DiagnoseFixture fixture;
  count_answers(fixture);
  {
    const Asked ask(fixture);
    const auto works = fixture.student.reply;
    fixture.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
      return Error{ErrorKind::unavailable, "down", ""};
    };
    CHECK(!ask("student", kTask));
    fixture.student.reply = works;
    CHECK(output_of(ask("student", kTask)) == "answer 2");
  }
  const Asked ask(fixture);
  CHECK(output_of(ask("student", kTask)) == "answer 2");
  CHECK(fixture.student.calls == 2);
}

TEST_CASE("recorded diagnosis: runs of one task that are asked for at once are different ones") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) threads.emplace_back([&] { (void)ask("student", kTask); });
  }
  CHECK(fixture.student.calls == 8);
  CHECK(ask.evidence.answers(Answerer::student, "p1").size() == 8);
  CHECK(fixture.ledger.counts("")->runs == 8);
}

TEST_CASE("recorded diagnosis: without a benchmark the runs of a trace are recorded by its id") {
  DiagnoseFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("What is 6 * 7?", 0.9);
  for (int session = 0; session < 2; ++session) {
    const Asked ask(fixture);
    REQUIRE(ask("student", {{"task_id", "trace-0"}}).ok());
    REQUIRE(ask("judge", {{"task_id", "trace-0"}}).ok());
  }
  CHECK(fixture.student.calls == 1);
  CHECK(fixture.judge.calls == 1);
  CHECK(fixture.ledger.newest_outputs("trace-0", 9)->size() == 1);
}
