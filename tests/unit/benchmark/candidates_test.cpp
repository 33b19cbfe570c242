#include "core/benchmark/candidates.hpp"

#include <doctest/doctest.h>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using jarvis::testing::FakeTraces;

namespace {

std::vector<Candidate> mined(const FakeTraces& traces, const MiningRule& rule = {}) {
  const auto candidates = mine_candidates(traces, rule);
  REQUIRE(candidates);
  return *candidates;
}

}  // namespace

TEST_CASE("mining: an empty store has no candidates") {
  CHECK(mined(FakeTraces()).empty());
}

TEST_CASE(
    "mining: the thresholds count as reached; what lies between and what is unrated does not") {
  FakeTraces traces;
  traces.add("liked", 0.7);
  traces.add("failed", 0.3);
  traces.add("between", 0.5);
  traces.add("unrated", 1.0).feedback.reset();
  const auto candidates = mined(traces);
  REQUIRE(candidates.size() == 2);
  for (const Candidate& candidate : candidates)
    CHECK((candidate.stratum == Stratum::retain) == (candidate.trace.query == "liked"));
}

TEST_CASE("mining: include_failures = false leaves the failed ones out") {
  FakeTraces traces;
  traces.add("liked", 1);
  traces.add("failed", 0);
  MiningRule rule;
  rule.include_failures = false;
  const auto candidates = mined(traces, rule);
  REQUIRE(candidates.size() == 1);
  CHECK(candidates[0].trace.query == "liked");
}

TEST_CASE("mining: of one question the best rated trace stays, of equals the newest") {
  FakeTraces traces;
  traces.add("What is  it?", 0.8, "first");
  traces.add(" what is\nIT? ", 1.0, "second");
  traces.add("WHAT IS IT?", 1.0, "third");
  traces.add("what is it?", 0.0, "fourth");
  const auto candidates = mined(traces);
  REQUIRE(candidates.size() == 1);
  CHECK(candidates[0].trace.result == "third");
  CHECK(candidates[0].stratum == Stratum::retain);
}

TEST_CASE(
    "mining: skips empty queries, unreadable text, liked traces without an answer, some agents") {
  FakeTraces traces;
  traces.add(" \n", 1);
  traces.add("liked without an answer", 1, " ");
  traces.add("excluded", 1).agent = "private";
  traces.add("a summary that nobody asked", 1).agent = "0123456789ab";
  traces.add("no text \xff\xfe", 1);
  traces.add("an answer that is no text", 1, "\xc3(");
  traces.add("failed without an answer", 0, "");
  MiningRule rule;
  rule.exclude_agents = {"private"};
  const auto candidates = mined(traces, rule);
  REQUIRE(candidates.size() == 1);
  CHECK(candidates[0].trace.query == "failed without an answer");
}

TEST_CASE("mining: normalising touches ASCII letters and white space alone") {
  CHECK(normalised_query("") == "");
  CHECK(normalised_query(" \t\r\n") == "");
  CHECK(normalised_query("  A\t b\n\nC ") == "a b c");
  CHECK(normalised_query("\u00c4rger \xff") == "\u00c4rger \xff");
}

TEST_CASE("mining: task ids are short, fixed and the same for one question") {
  CHECK(task_id_of("Hello  World") == "task-b94d27b9934d");
  CHECK(task_id_of("hello world") == task_id_of(" HELLO\nworld "));
  CHECK(task_id_of("hello world!") != task_id_of("hello world"));
}
