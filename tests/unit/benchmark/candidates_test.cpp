#include "core/benchmark/candidates.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/fakes/engines.hpp"
#include "tests/support/fakes/traces.hpp"

using namespace jarvis;
using jarvis::testing::FakeTraces;

namespace {

std::vector<Candidate> mined(const FakeTraces& traces, const MiningRule& rule = {},
                             const std::vector<Task>& former = {}) {
  const auto prospects = mine_prospects(traces, rule, former);
  REQUIRE(prospects);
  const auto candidates = load_candidates(traces, rule, *prospects, former);
  REQUIRE(candidates);
  return *candidates;
}

std::vector<std::string> results_of(const std::vector<Candidate>& candidates) {
  std::vector<std::string> results;
  for (const Candidate& candidate : candidates) results.push_back(candidate.trace.result);
  return results;
}

using Texts = std::vector<std::string>;

class BrokenTraces : public FakeTraces {
 public:
  Result<std::vector<Trace>> list(const TraceFilter&) const override {
    return Error{ErrorKind::retryable, "traces.db is locked", ""};
  }
};

}  // namespace

TEST_CASE("mining: a store that cannot be read is an error") {
  BrokenTraces traces;
  traces.add("liked", 1);
  CHECK(mine_prospects(traces, {}, {}).error().kind == ErrorKind::retryable);
}

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

TEST_CASE("mining: of near duplicates the best rated stays, of equals the newest") {
  const std::string question = "please tell me in short words how a heat pump works in winter";
  FakeTraces traces;
  traces.add(question, 0.8, "first");
  traces.add(question + " then", 0.9, "second");
  traces.add("so " + question, 0.9, "third");
  traces.add(question + " today", 0.0, "fourth");
  traces.add("please tell me in short words how a bicycle works in winter", 1.0, "other");
  CHECK(results_of(mined(traces)) == Texts{"other", "third"});
}

TEST_CASE("mining: a chain of near duplicates keeps what is no near duplicate of what stays") {
  FakeTraces traces;
  const auto part = [](int from) {
    std::string text;
    for (int i = from; i < from + 20; ++i) text += "word" + std::to_string(i) + " ";
    return text;
  };
  traces.add(part(0), 0.9, "a");
  traces.add(part(2), 0.8, "b");
  traces.add(part(4), 0.7, "c");
  CHECK(results_of(mined(traces)) == Texts{"a", "c"});
  traces.traces[1].feedback = 1.0;
  CHECK(results_of(mined(traces)) == Texts{"b"});
}

TEST_CASE("mining: what the former version asks, or nearly, is no candidate") {
  FakeTraces traces;
  traces.add("please tell me in short words how a heat pump works", 1);
  traces.add("a new one", 1);
  Task former;
  former.query = "Please tell me in short words how a heat pump works today";
  const auto candidates = mined(traces, {}, {former});
  REQUIRE(candidates.size() == 1);
  CHECK(candidates[0].trace.query == "a new one");
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
  traces.add("no id", 1).id = "";
  traces.add("failed without an answer", 0, "");
  MiningRule rule;
  rule.exclude_agents = {"private"};
  const auto candidates = mined(traces, rule);
  REQUIRE(candidates.size() == 1);
  CHECK(candidates[0].trace.query == "failed without an answer");
}

TEST_CASE("mining: a query of ten megabytes and one with NULs are questions as others are") {
  FakeTraces traces;
  std::string large;
  for (int i = 0; large.size() < (std::size_t{10} << 20); ++i)
    large += "line " + std::to_string(i) + "\n";
  traces.add(large, 1.0, "large");
  traces.add(large + "and a little more", 0.9, "nearly the same");
  traces.add(std::string("a\0b", 3), 0.8, "with a NUL");
  traces.add("a", 0.7, "without");
  CHECK(results_of(mined(traces)) == Texts{"large", "with a NUL", "without"});
}

TEST_CASE("mining: a hundred thousand copies of a question are one") {
  FakeTraces traces;
  for (int i = 0; i < 100000; ++i) traces.add("What is the time in Tokyo now?", 0.9);
  traces.add("what is the  TIME in Tokyo now?", 1.0, "best");
  CHECK(results_of(mined(traces)) == Texts{"best"});
}

TEST_CASE("mining: gives the same whatever order the store hands its traces over in") {
  FakeTraces traces;
  for (int i = 0; i < 2000; ++i)
    traces.add("how does part " + std::to_string(i % 700) + " of the large machine work in winter" +
                   (i % 3 == 0 ? " nowadays" : ""),
               0.7 + i % 4 * 0.1, "answer " + std::to_string(i));
  const Texts once = results_of(mined(traces));
  std::reverse(traces.traces.begin(), traces.traces.end());
  CHECK(results_of(mined(traces)) == once);
  CHECK(once.size() == 700);
}

TEST_CASE("mining: a chosen trace that was deleted or rated anew since is left out") {
  FakeTraces traces;
  traces.add_many(4, 1, "liked");
  const auto prospects = mine_prospects(traces, {}, {});
  REQUIRE(prospects);
  traces.traces[1].feedback = 0.0;
  traces.traces[2].feedback = 0.9;
  traces.traces.erase(traces.traces.begin());
  const auto candidates = load_candidates(traces, {}, *prospects, {});
  REQUIRE(candidates);
  CHECK(candidates->size() == 2);
}

TEST_CASE("mining: near duplicates among the chosen are left out however they got there") {
  FakeTraces traces;
  traces.add("please tell me in short words how a heat pump works", 1);
  traces.add("please tell me in short words how a heat pump works today", 1);
  traces.add("something else", 1);
  std::vector<Prospect> chosen;
  for (const Trace& trace : traces.traces) chosen.push_back({trace.id, "short"});
  CHECK(load_candidates(traces, {}, chosen, {})->size() == 2);
  Task former;
  former.query = "Something  else";
  CHECK(load_candidates(traces, {}, chosen, {former})->size() == 1);
}

TEST_CASE("mining: task ids are short, fixed and the same for one question") {
  CHECK(task_id_of("Hello  World") == "task-b94d27b9934d");
  CHECK(task_id_of("hello world") == task_id_of(" HELLO\nworld "));
  CHECK(task_id_of("hello world!") != task_id_of("hello world"));
}
