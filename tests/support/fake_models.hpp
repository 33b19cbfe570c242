#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace jarvis::testing {

/** One call that was answered. */
struct FakeCall {
  enum class Part { diagnosis, plan, answer, judge, student, models, refused };
  Part part = Part::refused;
  std::string target;
  std::string model;
  std::optional<std::size_t> question;
  std::string answer;             ///< what was answered; the refusal when it was refused
  std::string request;            ///< what was sent, in a diagnosis, a plan or to a student
  std::string body;               ///< what was sent, to whomever
  std::string candidate;          ///< what a judge scored
  double score = 0;               ///< and how
  std::size_t input_tokens = 0;   ///< billed
  std::size_t output_tokens = 0;  ///< billed
  bool cut = false;               ///< billed, but the client saw only a part of the answer
};

/** How the stand-ins behave. */
struct FakeBehaviour {
  /** What share of the questions (0..100) each student answers rightly. */
  std::map<std::string, int> students{
      {"student-small", 45}, {"student-large", 85}, {"student-poor", 10}};
  /** How many more a student answers rightly whose prompt says "step by step". */
  int prompt_helps = 40;
  /** How many of a hundred right answers each student gives wrongly, by chance. */
  int noise = 0;
  /** The tool that every student calls before it answers, where it is offered. */
  std::string student_calls;
  /** The edits that the teacher plans. */
  boost::json::array edits;
  int diagnosed_tasks = 6;
  /** Claims these rates for its cluster, whatever it saw. */
  std::optional<double> claimed_rate;
  /** Names tasks as evidence without running anything on them. */
  bool skips_evidence = false;
  /** Answers the planning call with prose. */
  bool plans_nonsense = false;
  std::chrono::milliseconds latency{0};
  /** Bills any number of tokens that the request allows, and fails now and then: 529, 500, an
   * answer that breaks off. Nothing: what the texts' lengths say, and no failures. */
  std::optional<unsigned> random_usage_seed;
  /** Called when the planning call comes in, before it is answered. */
  std::function<void()> before_plan;
  /** Called when an answer is ready, before it is sent; by several threads at once. */
  std::function<void(FakeCall::Part)> before_answer;
};

/** A server that stands for a student, a judge and a teacher: the teacher ("claude-…" over the
 * Anthropic messages protocol, "gpt-…" over chat completions), the judge ("judge-…") and the
 * students over chat completions. All of them know the made-up home's questions, and answer any
 * other with "unknown". Requests that a
 * real endpoint would answer with 400 are answered with 400. */
class FakeModels {
 public:
  explicit FakeModels(FakeBehaviour behaviour = {});

  std::string url() const { return server_.url(); }
  std::vector<FakeCall> calls() const;
  /** How many calls of this part were answered. */
  int count(FakeCall::Part part) const;
  /** Calls to the teacher and the judge: those that cost money. */
  int paid_calls() const;
  /** The most calls that were in work at once, without those that list models. */
  int peak() const;
  void forget_peak();

 private:
  ScriptedReply serve(const RecordedRequest& request);
  ScriptedReply answer(const RecordedRequest& request, FakeCall& call);
  /** With a seed: what else than an answer comes, and how many tokens an answer is billed with. */
  std::optional<ScriptedReply> failure(FakeCall& call);
  std::size_t up_to(std::size_t most);
  void enter();
  void leave(FakeCall call);

  const FakeBehaviour behaviour_;
  mutable std::mutex mutex_;
  std::vector<FakeCall> calls_;
  std::mt19937 random_;
  int in_work_ = 0;
  int peak_ = 0;
  LoopbackServer server_;
};

}  // namespace jarvis::testing
