#include "core/benchmark/gold.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "core/base/digest.hpp"
#include "core/base/parallel.hpp"

namespace jarvis {

namespace {

constexpr double kAgrees = 0.5;
constexpr std::int64_t kLongestAnswer = 2048;

// The question follows as the only user message, byte for byte as the user asked it.
constexpr const char* kSystem =
    "Answer the question of the user correctly and completely. Check your answer before you give "
    "it. "
    "Give the answer itself, with only as much explanation as is needed to follow it. Your answer "
    "is "
    "used as the reference that other answers to this question are compared with.";

bool ends_work(const Error& error) {
  return error.kind == ErrorKind::budget || error.kind == ErrorKind::cancelled;
}

class Goldsmith {
 public:
  Goldsmith(const std::vector<Candidate>& candidates, const GoldParts& parts)
      : candidates_(candidates), parts_(parts) {
    golds_.golds.resize(candidates.size());
  }

  void make(std::size_t index) {
    if (stopped_) return;
    if (parts_.cancelled && parts_.cancelled())
      return stop({ErrorKind::cancelled, "making gold answers was cancelled", ""});
    const Candidate& candidate = candidates_[index];
    Gold gold = candidate.stratum == Stratum::retain ? retain(candidate) : repair(candidate);
    if (gold.waiting && ends_work(*gold.waiting)) return stop(*gold.waiting);
    gold.asked = true;
    golds_.golds[index] = std::move(gold);
    const int done = ++done_;
    if (parts_.progress)
      parts_.progress->count("gold answers", done, static_cast<int>(candidates_.size()));
  }

  Golds take() { return std::move(golds_); }

 private:
  void stop(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!golds_.stopped) golds_.stopped = error;
    stopped_ = true;
  }

  /** An empty text when the teacher gave no whole answer. */
  Result<std::string> ask(const std::string& query) {
    sdk::GenerateRequest request;
    request.system = kSystem;
    request.messages.push_back({"user", query, {}, {}, {}});
    request.max_output_tokens = kLongestAnswer;
    auto reply = parts_.teacher.generate(Purpose::gold, std::move(request));
    if (!reply) return reply.error();
    return reply->stop_reason == "end" ? reply->message.text : std::string();
  }

  Gold retain(const Candidate& candidate) {
    Gold users;
    users.answer = candidate.trace.result;
    users.source = "user";
    const auto answer = ask(candidate.trace.query);
    if (!answer) return waiting(answer.error());
    if (normalised_query(*answer).empty()) return users;
    const auto judged = parts_.judge.score(candidate.trace.query, candidate.trace.result, *answer);
    if (!judged) return waiting(judged.error());
    if (judged->score.value_or(0) < kAgrees) return users;
    return teachers(*answer);
  }

  Gold repair(const Candidate& candidate) {
    const auto first = ask(candidate.trace.query);
    if (!first) return waiting(first.error());
    if (normalised_query(*first).empty()) return unsure();
    const auto second = ask(candidate.trace.query);
    if (!second) return waiting(second.error());
    if (normalised_query(*second).empty()) return unsure();
    const auto judged = parts_.judge.score(candidate.trace.query, *first, *second);
    if (!judged) return waiting(judged.error());
    if (judged->score.value_or(0) < kAgrees) return unsure();
    return teachers(*first);
  }

  static Gold teachers(const std::string& answer) {
    Gold gold;
    gold.answer = answer;
    gold.source = "teacher";
    return gold;
  }

  static Gold waiting(const Error& error) {
    Gold gold;
    gold.waiting = error;
    return gold;
  }

  static Gold unsure() {
    Gold gold = waiting({ErrorKind::refused, "unsure gold: two teacher answers do not agree", ""});
    gold.unsure = true;
    return gold;
  }

  const std::vector<Candidate>& candidates_;
  const GoldParts& parts_;
  Golds golds_;
  std::atomic<int> done_{0};
  std::atomic<bool> stopped_{false};
  std::mutex mutex_;
};

}  // namespace

Golds make_golds(const std::vector<Candidate>& candidates, const GoldParts& parts) {
  Goldsmith goldsmith(candidates, parts);
  parallel_for(candidates.size(), static_cast<std::size_t>(std::max(parts.concurrency, 1)),
               [&](std::size_t index) { goldsmith.make(index); });
  return goldsmith.take();
}

std::string gold_prompt_sha256() {
  return sha256(kSystem);
}

}  // namespace jarvis
