#include "core/session/diagnose/evidence.hpp"

#include <doctest/doctest.h>

#include "tests/unit/diagnose/diagnose_fixture.hpp"

using namespace jarvis;
using namespace jarvis::testing;

TEST_CASE("evidence: what was never run has no score") {
  Evidence evidence;
  evidence.set_score(Answerer::student, "t", 0, 1.0);
  CHECK_FALSE(evidence.score(Answerer::student, "t", 0));
  CHECK_FALSE(evidence.success_share(Answerer::student, "t"));
  CHECK_FALSE(evidence.mean_score(Answerer::student, "t"));
  CHECK(evidence.answers(Answerer::student, "t").empty());
}

TEST_CASE("evidence: rates are over the scored runs of a task alone") {
  Evidence evidence;
  for (const char* output : {"a", "b", "c"}) evidence.add_answer(Answerer::student, "t", output);
  evidence.add_answer(Answerer::teacher, "t", "d");
  CHECK_FALSE(evidence.success_share(Answerer::student, "t"));
  evidence.set_score(Answerer::student, "t", 0, 0.5);
  evidence.set_score(Answerer::student, "t", 2, 0.49);
  CHECK(*evidence.success_share(Answerer::student, "t") == doctest::Approx(0.5));
  CHECK(*evidence.mean_score(Answerer::student, "t") == doctest::Approx(0.495));
  CHECK_FALSE(evidence.success_share(Answerer::teacher, "t"));
}

TEST_CASE("compare: is an error before the student was run") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  const auto compared = ask("judge", {{"task_id", "p1"}, {"student_output", "42"}});
  REQUIRE_FALSE(compared);
  CHECK(compared.error().message.find("has not answered task 'p1'") != std::string::npos);
  CHECK(fixture.judge.calls == 0);
}

TEST_CASE("compare: scores what the host recorded, never the teacher's copy") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  REQUIRE(ask("teacher", {{"task_id", "p1"}}));
  const auto compared = ask("judge", {{"task_id", "p1"},
                                      {"task", "something else"},
                                      {"student_output", "42"},
                                      {"teacher_output", "wrong"}});
  REQUIRE(compared);
  CHECK(compared->at("student_score") == 0.0);
  CHECK(compared->at("teacher_score") == 1.0);
}

TEST_CASE("compare: each run is judged once, and the score is the mean") {
  DiagnoseFixture fixture;
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  REQUIRE(ask("judge", {{"task_id", "p1"}}));
  fixture.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    return std::string("42");
  };
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  const auto compared = ask("judge", {{"task_id", "p1"}});
  REQUIRE(compared);
  CHECK(compared->at("student_score") == 0.5);
  CHECK(compared->at("teacher_score").is_null());
  CHECK(fixture.judge.calls == 2);
}

TEST_CASE("compare: a reply of the judge that cannot be read counts for nothing") {
  DiagnoseFixture fixture;
  fixture.judge.reply = [](const auto&, const auto&, const auto&) -> Result<Judgement> {
    return Judgement{std::nullopt, "gibberish"};
  };
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "p1"}}));
  const auto compared = ask("judge", {{"task_id", "p1"}});
  REQUIRE_FALSE(compared);
  CHECK(compared.error().message.find("gibberish") != std::string::npos);
  CHECK_FALSE(ask.evidence.success_share(Answerer::student, "p1"));
}

TEST_CASE("runs: a student or teacher that fails leaves no answer") {
  DiagnoseFixture fixture;
  fixture.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    return Error{ErrorKind::unavailable, "the server is down", ""};
  };
  const Asked ask(fixture);
  CHECK(ask("student", {{"task_id", "p1"}}).error().message == "the server is down");
  CHECK(ask.evidence.answers(Answerer::student, "p1").empty());
}

TEST_CASE("no benchmark: the answer that the user liked is gold") {
  DiagnoseFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("Capital of France?", 0.9, "Paris");
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "trace-0"}}));
  std::string gold;
  fixture.judge.reply = [&](const auto&, const std::string& known, const auto&) {
    gold = known;
    return Result<Judgement>(Judgement{0.0, ""});
  };
  REQUIRE(ask("judge", {{"task_id", "trace-0"}}));
  CHECK(gold == "Paris");
  CHECK(fixture.teacher.calls == 0);
}

TEST_CASE("no benchmark: two teacher answers that agree are gold") {
  DiagnoseFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("Capital of France?", 0.1, "Rome");
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "trace-0"}}));
  const auto compared = ask("judge", {{"task_id", "trace-0"}});
  REQUIRE(compared);
  CHECK(compared->at("student_score") == 0.0);
  CHECK(compared->at("teacher_score") == 1.0);
  CHECK(fixture.teacher.calls == 2);
}

TEST_CASE("no benchmark: two teacher answers that disagree score nothing") {
  DiagnoseFixture fixture;
  fixture.benchmark.reset();
  fixture.traces.add("Capital of France?", 0.1, "Rome");
  fixture.teacher.script = [](Purpose, const sdk::GenerateRequest&) -> Result<sdk::GenerateResult> {
    static int count = 0;
    return says("answer " + std::to_string(++count));
  };
  const Asked ask(fixture);
  REQUIRE(ask("student", {{"task_id", "trace-0"}}));
  const auto compared = ask("judge", {{"task_id", "trace-0"}});
  REQUIRE_FALSE(compared);
  CHECK(compared.error().message.find("disagree") != std::string::npos);
  CHECK_FALSE(ask.evidence.success_share(Answerer::student, "trace-0"));
  CHECK_FALSE(ask.evidence.success_share(Answerer::teacher, "trace-0"));
}
