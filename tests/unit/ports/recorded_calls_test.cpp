#include "core/ports/recorded_calls.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/evaluations.hpp"
#include "tests/support/fakes/home.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

struct Calling {
  MemoryHome home;
  FakeStudent student;
  FakeJudge judge;
  EvaluationMemory ledger;
  std::function<bool()> cancelled;
  Turns turns;
  Task task;

  Calling() {
    task.id = "t";
    task.query = "question";
  }

  RecordedCalls calls() { return {{student, judge, ledger, cancelled, "session"}, turns}; }
  RunRequest run(int attempt = 0) const { return {&home, *fingerprint_of(home), attempt}; }
};

}  // namespace

TEST_CASE("recorded calls: a ledger that cannot be read lets no call be made") {
  Calling calling;
  calling.ledger.reads = false;
  RecordedCalls calls = calling.calls();
  for (int time = 0; time < 2; ++time)
    CHECK(calls.answer(calling.run(time), calling.task).error().message == "the ledger is damaged");
  CHECK(calls.ledger_error()->hint == "move it away");
  CHECK(calling.student.calls == 0);
}

TEST_CASE("recorded calls: when an answer could not be kept, nothing more is called") {
  Calling calling;
  calling.ledger.writes = false;
  RecordedCalls calls = calling.calls();
  CHECK(calls.answer(calling.run(0), calling.task).error().message == "the disk is full");
  CHECK(calls.answer(calling.run(1), calling.task).error().message == "the disk is full");
  CHECK(calls.score("q", "g", "o").error().message == "the disk is full");
  CHECK(calls.student_calls() == 1);
  CHECK(calls.judge_calls() == 0);
}

TEST_CASE("recorded calls: when a score could not be kept, nothing more is called") {
  Calling calling;
  calling.ledger.writes = false;
  RecordedCalls calls = calling.calls();
  for (const char* output : {"one", "another"})
    CHECK(calls.score("q", "g", output).error().message == "the disk is full");
  CHECK(calling.judge.calls == 1);
}

TEST_CASE("recorded calls: what is cancelled makes no call, and gives what is known") {
  Calling calling;
  RecordedCalls calls = calling.calls();
  REQUIRE(calls.answer(calling.run(), calling.task));
  REQUIRE(calls.score("q", "g", "o"));
  calling.cancelled = [] { return true; };
  RecordedCalls later = calling.calls();
  CHECK(later.answer(calling.run(), calling.task).ok());
  CHECK(later.score("q", "g", "o").ok());
  CHECK(later.answer(calling.run(1), calling.task).error().kind == ErrorKind::cancelled);
  CHECK(later.score("q", "g", "other").error().kind == ErrorKind::cancelled);
  CHECK(later.student_calls() == 0);
  CHECK(later.judge_calls() == 0);
}

TEST_CASE("recorded calls: failures and unreadable scores are not kept") {
  Calling calling;
  calling.student.reply = [](const HomeView&, const std::string&) -> Result<std::string> {
    return Error{ErrorKind::unavailable, "down", ""};
  };
  calling.judge.reply = [](const std::string&, const std::string&, const std::string& answer) {
    return Result<Judgement>(answer == "high" ? Judgement{1.5, ""} : Judgement{std::nullopt, "?"});
  };
  RecordedCalls calls = calling.calls();
  CHECK(calls.answer(calling.run(), calling.task).error().message == "down");
  CHECK(calls.score("q", "g", "o").error().message == "the judge's reply could not be read: ?");
  CHECK(calls.score("q", "g", "high").error().message == "the judge's score does not lie in 0..1");
  CHECK(calls.student_calls() == 1);
  CHECK(calls.judge_calls() == 2);
  CHECK(!calls.ledger_error());
  CHECK(calling.ledger.counts("session")->runs == 0);
  CHECK(calling.ledger.counts("session")->judgements == 0);
}

TEST_CASE("recorded calls: without a home only what the ledger holds is given") {
  Calling calling;
  RecordedCalls calls = calling.calls();
  REQUIRE(calls.answer(calling.run(), calling.task));
  RunRequest gone = calling.run();
  gone.home = nullptr;
  CHECK(calls.answer(gone, calling.task)->output == "answer to question");
  gone.attempt = 1;
  const auto missing = calls.answer(gone, calling.task);
  CHECK(missing.error().kind == ErrorKind::not_found);
  CHECK(missing.error().message == "not measured");
  CHECK(calling.student.calls == 1);
}

TEST_CASE("recorded calls: model, tokens and time come back from the ledger") {
  Calling calling;
  RecordedCalls first = calling.calls();
  REQUIRE(first.answer(calling.run(), calling.task));
  RecordedCalls second = calling.calls();
  const auto answer = second.answer(calling.run(), calling.task);
  REQUIRE(answer);
  CHECK(answer->tokens_used == 7);
  CHECK(answer->latency_seconds == 0.0);
  CHECK(second.student_calls() == 0);
}

TEST_CASE("recorded calls: those who want the same at once make one call") {
  Calling calling;
  RecordedCalls one = calling.calls(), other = calling.calls();
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&, i] {
        RecordedCalls& calls = i % 2 == 0 ? one : other;
        for (int attempt = 0; attempt < 20; ++attempt)
          if (const auto answer = calls.answer(calling.run(attempt), calling.task))
            (void)calls.score("q", "g", answer->output + std::to_string(attempt));
      });
  }
  CHECK(calling.student.calls == 20);
  CHECK(calling.judge.calls == 20);
}

TEST_CASE("recorded calls: who may run a tool with side effects is another student") {
  Calling calling;
  struct Permitted : FakeStudent {
    std::vector<std::string> allowed;
    Result<StudentAnswer> answer(const HomeView& home, const StudentQuestion& question) override {
      allowed = question.allowed_tools;
      return FakeStudent::answer(home, question);
    }
  } student;
  const auto ask = [&](std::vector<std::string> allowed) {
    RecordedCalls calls({student, calling.judge, calling.ledger, {}, "s", "who", "", allowed},
                        calling.turns);
    CHECK(calls.answer(calling.run(), calling.task).ok());
    return student.calls.load();
  };
  CHECK(ask({}) == 1);
  CHECK(student.allowed.empty());
  CHECK(ask({"send", "note"}) == 2);
  CHECK(student.allowed == std::vector<std::string>{"send", "note"});
  CHECK(ask({"note", "send", "note"}) == 2);
  CHECK(ask({"note"}) == 3);
  CHECK(ask({}) == 3);
}

TEST_CASE("recorded calls: a missing run's reason says how it may be allowed") {
  CHECK(missing_run_reason({ErrorKind::refused, "tool 'x' is not run", "--allow x"}) ==
        "tool 'x' is not run (--allow x)");
  CHECK(missing_run_reason({ErrorKind::refused, "tool 'x' is not run", ""}) ==
        "tool 'x' is not run");
  CHECK(missing_run_reason({ErrorKind::unavailable, "it is down", "start it"}) == "it is down");
}
