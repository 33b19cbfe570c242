#include "core/benchmark/gold.hpp"

#include <doctest/doctest.h>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/traces.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

Candidate candidate_of(Stratum stratum, const std::string& query = "How  far?\n") {
  Candidate candidate;
  candidate.task_id = task_id_of(query);
  candidate.stratum = stratum;
  candidate.trace.query = query;
  candidate.trace.result = "what the user liked";
  return candidate;
}

struct Bench {
  FakeTeacher teacher;
  FakeJudge judge;

  Gold one(Stratum stratum) {
    const Golds golds = make_golds({candidate_of(stratum)}, {teacher, judge, 1, nullptr, {}});
    REQUIRE(golds.golds.size() == 1);
    return golds.golds[0];
  }
};

}  // namespace

TEST_CASE("gold: when the teacher fails the task waits, and the reason is kept") {
  for (const Stratum stratum : {Stratum::retain, Stratum::repair}) {
    Bench bench;
    bench.teacher.reply = [](const std::string&, int) {
      return Error{ErrorKind::unavailable, "no route to host", ""};
    };
    const Gold gold = bench.one(stratum);
    CHECK(!gold.answer);
    REQUIRE(gold.waiting);
    CHECK(gold.waiting->message == "no route to host");
    CHECK(!gold.unsure);
  }
}

TEST_CASE("gold: when the judge fails the task waits") {
  for (const Stratum stratum : {Stratum::retain, Stratum::repair}) {
    Bench bench;
    bench.judge.reply = [](const auto&, const auto&, const auto&) {
      return Error{ErrorKind::retryable, "overloaded", ""};
    };
    const Gold gold = bench.one(stratum);
    CHECK(!gold.answer);
    CHECK(!gold.unsure);
  }
}

TEST_CASE("gold: an answer that was cut off, refused or empty counts as none") {
  for (const char* stop_reason : {"max_tokens", "refusal", "end"}) {
    Bench bench;
    bench.teacher.stop_reason = stop_reason;
    if (std::string(stop_reason) == "end")
      bench.teacher.reply = [](const std::string&, int) { return std::string(" \n"); };
    CHECK(bench.one(Stratum::retain).source == "user");
    CHECK(bench.one(Stratum::repair).unsure);
    CHECK(bench.judge.calls == 0);
  }
}

TEST_CASE("gold: where teacher and user disagree, or nobody can tell, the user's answer stands") {
  for (const std::optional<double> score : {std::optional<double>(0.49), std::optional<double>()}) {
    Bench bench;
    bench.judge.reply = [&](const auto&, const auto&, const auto&) { return Judgement{score, ""}; };
    const Gold gold = bench.one(Stratum::retain);
    CHECK(gold.answer == "what the user liked");
    CHECK(gold.source == "user");
  }
}

TEST_CASE("gold: where they agree the teacher's answer is gold, for one call") {
  Bench bench;
  bench.judge.reply = [](const std::string& query, const std::string& gold,
                         const std::string& answer) {
    CHECK(query == "How  far?\n");
    CHECK(gold == "what the user liked");
    CHECK(answer == "gold: How  far?\n");
    return Judgement{0.5, ""};
  };
  const Gold gold = bench.one(Stratum::retain);
  CHECK(gold.answer == "gold: How  far?\n");
  CHECK(gold.source == "teacher");
  CHECK(bench.teacher.calls == 1);
}

TEST_CASE("gold: two teacher answers to a failed question must agree") {
  Bench bench;
  bench.teacher.reply = [](const std::string&, int call) {
    return "answer " + std::to_string(call);
  };
  bench.judge.reply = [](const std::string&, const std::string& gold, const std::string& answer) {
    CHECK(gold == "answer 0");
    CHECK(answer == "answer 1");
    return Judgement{0.5, ""};
  };
  CHECK(bench.one(Stratum::repair).answer == "answer 0");
  CHECK(bench.teacher.calls == 2);
}

TEST_CASE("gold: two teacher answers that do not agree leave the task unsure") {
  for (const std::optional<double> score : {std::optional<double>(0.2), std::optional<double>()}) {
    Bench bench;
    bench.judge.reply = [&](const auto&, const auto&, const auto&) { return Judgement{score, ""}; };
    const Gold gold = bench.one(Stratum::repair);
    CHECK(!gold.answer);
    CHECK(gold.unsure);
  }
}

TEST_CASE("gold: the end of the money stops the work and keeps what is there") {
  Bench bench;
  std::vector<Candidate> candidates;
  for (int i = 0; i < 10; ++i)
    candidates.push_back(candidate_of(Stratum::retain, "question " + std::to_string(i)));
  bench.teacher.reply = [](const std::string& query, int call) -> Result<std::string> {
    if (call >= 4) return Error{ErrorKind::budget, "the money is spent", ""};
    return query;
  };
  const Golds golds = make_golds(candidates, {bench.teacher, bench.judge, 1, nullptr, {}});
  REQUIRE(golds.stopped);
  CHECK(golds.stopped->kind == ErrorKind::budget);
  CHECK(bench.teacher.calls == 5);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(golds.golds[i].answer.has_value() == (i < 4));
    CHECK(golds.golds[i].asked == (i < 4));
  }
}

TEST_CASE("gold: stops when it is cancelled") {
  Bench bench;
  const std::vector<Candidate> candidates(5, candidate_of(Stratum::retain));
  const Golds golds =
      make_golds(candidates, {bench.teacher, bench.judge, 2, nullptr, [] { return true; }});
  REQUIRE(golds.stopped);
  CHECK(golds.stopped->kind == ErrorKind::cancelled);
  CHECK(bench.teacher.calls == 0);
}

TEST_CASE("gold: the teacher gets the question as it is, and nothing that looks like a plan") {
  Bench bench;
  bench.teacher.inspect = [](const sdk::GenerateRequest& request) {
    REQUIRE(request.messages.size() == 1);
    CHECK(request.messages[0].role == "user");
    CHECK(request.messages[0].text == "How  far?\n");
    CHECK(request.tools.empty());
    CHECK(!request.temperature);
    CHECK(request.max_output_tokens == 2048);
    const bool edits = request.system.find("edits") != std::string::npos;
    const bool cluster = request.system.find("cluster") != std::string::npos;
    CHECK(!(edits && cluster));
  };
  CHECK(bench.one(Stratum::retain).answer.has_value());
  CHECK(gold_prompt_sha256().size() == 64);
}

TEST_CASE("gold: what the journal holds is not asked again, not even half of an answer") {
  TemporaryDirectory directory;
  Bench bench;
  std::vector<Candidate> candidates;
  for (int i = 0; i < 6; ++i)
    candidates.push_back(candidate_of(i % 2 == 0 ? Stratum::retain : Stratum::repair,
                                      "question " + std::to_string(i)));
  bench.teacher.reply = [](const std::string& query, int call) -> Result<std::string> {
    if (call >= 5) return Error{ErrorKind::budget, "the money is spent", ""};
    return query;
  };
  const auto made = [&] {
    auto journal = Journal::open(directory.path() / "golds.jsonl");
    REQUIRE(journal);
    return make_golds(candidates, {bench.teacher, bench.judge, 1, nullptr, {}, journal->get()});
  };
  // Three whole answers took four calls; the fifth was the first half of the next.
  CHECK(made().stopped);
  CHECK(bench.judge.calls == 3);
  bench.teacher.reply = nullptr;
  bench.teacher.calls = 0;
  const Golds golds = made();
  CHECK(!golds.stopped);
  for (const Gold& gold : golds.golds) CHECK(gold.answer);
  CHECK(golds.golds[0].answer == "question 0");
  CHECK(!golds.golds[0].asked);
  CHECK(golds.golds[5].asked);
  CHECK(bench.teacher.calls == 4);
  made();
  CHECK(bench.teacher.calls == 4);
  CHECK(bench.judge.calls == 6);
}

TEST_CASE("gold: unsure answers are asked again when the user wants it, with new answers") {
  TemporaryDirectory directory;
  Bench bench;
  bench.judge.reply = [](const auto&, const auto&, const auto&) { return Judgement{0.0, ""}; };
  auto journal = Journal::open(directory.path() / "golds.jsonl");
  REQUIRE(journal);
  GoldParts parts{bench.teacher, bench.judge, 1, nullptr, {}, journal->get()};
  CHECK(make_golds({candidate_of(Stratum::repair)}, parts).golds[0].unsure);
  CHECK(make_golds({candidate_of(Stratum::repair)}, parts).golds[0].unsure);
  CHECK(bench.teacher.calls == 2);
  parts.ask_unsure_again = true;
  bench.judge.reply = nullptr;
  CHECK(make_golds({candidate_of(Stratum::repair)}, parts).golds[0].answer);
  CHECK(bench.teacher.calls == 4);
}

TEST_CASE("gold: when the journal cannot be written the work stops before more is paid") {
  TemporaryDirectory directory;
  Bench bench;
  auto journal = Journal::open(directory.path() / "golds.jsonl");
  REQUIRE(journal);
  std::filesystem::create_directory(directory.path() / "golds.jsonl");
  const std::vector<Candidate> candidates(5, candidate_of(Stratum::retain));
  const Golds golds =
      make_golds(candidates, {bench.teacher, bench.judge, 1, nullptr, {}, journal->get()});
  REQUIRE(golds.stopped);
  CHECK(golds.stopped->kind == ErrorKind::io);
  CHECK(bench.teacher.calls == 1);
}
