#include "core/benchmark/gold.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "core/base/digest.hpp"
#include "core/base/parallel.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kLongestAnswer = 2048;

// The question follows as the only user message, byte for byte as the user asked it.
constexpr const char* kSystem =
    "Answer the question of the user correctly and completely. Check your answer before you give "
    "it. "
    "Give the answer itself, with only as much explanation as is needed to follow it. Your answer "
    "is "
    "used as the reference that other answers to this question are compared with.";

bool ends_work(const Error& error) {
  return error.kind == ErrorKind::budget || error.kind == ErrorKind::cancelled ||
         error.kind == ErrorKind::io;
}

class Goldsmith {
 public:
  Goldsmith(const std::vector<Candidate>& candidates, const GoldParts& parts)
      : candidates_(candidates),
        parts_(parts),
        makers_{parts.teacher.model(), parts.judge.model(), gold_prompt_sha256()} {
    golds_.golds.resize(candidates.size());
  }

  void make(std::size_t index) {
    const Candidate& candidate = candidates_[index];
    const GoldBasis basis = basis_of(candidate, makers_);
    if (auto known = known_gold(basis)) {
      golds_.golds[index] = std::move(*known);
      return count();
    }
    if (stopped_) return;
    if (parts_.cancelled && parts_.cancelled())
      return stop({ErrorKind::cancelled, "making gold answers was cancelled", ""});
    Gold gold =
        candidate.stratum == Stratum::retain ? retain(candidate, basis) : repair(candidate, basis);
    if (gold.waiting && ends_work(*gold.waiting)) return stop(*gold.waiting);
    gold.asked = true;
    if (auto kept = keep(basis, gold); !kept) stop(kept.error());
    golds_.golds[index] = std::move(gold);
    count();
  }

  Golds take() { return std::move(golds_); }

 private:
  void stop(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!golds_.stopped) golds_.stopped = error;
    stopped_ = true;
  }

  std::optional<Gold> known_gold(const GoldBasis& basis) const {
    if (!parts_.journal) return std::nullopt;
    auto gold = parts_.journal->settled(basis);
    if (gold && gold->unsure && parts_.ask_unsure_again) return std::nullopt;
    return gold;
  }

  Result<void> keep(const GoldBasis& basis, const Gold& gold) {
    if (!parts_.journal || (!gold.answer && !gold.unsure)) return {};
    return parts_.journal->settle(basis, gold, spent());
  }

  double spent() const { return parts_.spent_usd ? parts_.spent_usd() : 0; }

  void count() {
    const int done = ++done_;
    if (parts_.progress)
      parts_.progress->count({"gold answers", done, static_cast<int>(candidates_.size())});
  }

  /** An empty text when the teacher gave no whole answer. */
  Result<std::string> ask(const std::string& query, const GoldBasis& basis, std::size_t number) {
    if (parts_.journal)
      if (auto before = parts_.journal->draft(basis, number)) return *before;
    sdk::GenerateRequest request;
    request.system = kSystem;
    request.messages.push_back({"user", query, {}, {}, {}});
    request.max_output_tokens = kLongestAnswer;
    auto reply = parts_.teacher.generate(Purpose::gold, std::move(request));
    if (!reply) return reply.error();
    std::string answer = reply->stop_reason == "end" ? reply->message.text : std::string();
    if (parts_.journal)
      if (auto kept = parts_.journal->add_draft(basis, number, answer, spent()); !kept)
        return kept.error();
    return answer;
  }

  Gold retain(const Candidate& candidate, const GoldBasis& basis) {
    Gold users;
    users.answer = candidate.trace.result;
    users.source = "user";
    const auto answer = ask(candidate.trace.query, basis, 0);
    if (!answer) return waiting(answer.error());
    if (normalised_query(*answer).empty()) return users;
    const auto judged = parts_.judge.score(candidate.trace.query, candidate.trace.result, *answer);
    if (!judged) return waiting(judged.error());
    if (judged->score.value_or(0) < kRightFrom) return users;
    return teachers(*answer);
  }

  Gold repair(const Candidate& candidate, const GoldBasis& basis) {
    const auto first = ask(candidate.trace.query, basis, 0);
    if (!first) return waiting(first.error());
    if (normalised_query(*first).empty()) return unsure_gold();
    const auto second = ask(candidate.trace.query, basis, 1);
    if (!second) return waiting(second.error());
    if (normalised_query(*second).empty()) return unsure_gold();
    const auto judged = parts_.judge.score(candidate.trace.query, *first, *second);
    if (!judged) return waiting(judged.error());
    if (judged->score.value_or(0) < kRightFrom) return unsure_gold();
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

  const std::vector<Candidate>& candidates_;
  const GoldParts& parts_;
  const GoldMakers makers_;
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
