#include "core/benchmark/judge_noise.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "core/base/parallel.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostAnswers = 20;
constexpr int kRunsOfATask = 16;

bool is_right(double score) {
  return score >= kRightFrom;
}

bool ends_asking(const Error& error) {
  return error.kind == ErrorKind::budget || error.kind == ErrorKind::cancelled ||
         error.kind == ErrorKind::unavailable;
}

/** An answer that the judge is to score, once or twice. */
struct Answer {
  const Task* task = nullptr;
  std::string output;
  bool is_liked = false;  ///< of those that the user rated
  std::array<std::optional<double>, 2> scores;
};

using Kind = std::function<std::optional<bool>(const Answer&)>;

/** Half of one kind and half of the other, the earlier ones first; where a kind has too few, more
 * of the other and then those of no kind. */
std::vector<Answer> half_and_half(std::vector<Answer> answers, const Kind& kind_of) {
  std::array<std::size_t, 2> room{kMostAnswers / 2, kMostAnswers / 2};
  std::vector<Answer> chosen, rest;
  for (Answer& answer : answers) {
    const auto kind = kind_of(answer);
    const bool has_room = kind && room[*kind] > 0;
    if (has_room) --room[*kind];
    (has_room ? chosen : rest).push_back(std::move(answer));
  }
  std::stable_partition(rest.begin(), rest.end(),
                        [&](const Answer& answer) { return kind_of(answer).has_value(); });
  for (Answer& answer : rest)
    if (chosen.size() < kMostAnswers) chosen.push_back(std::move(answer));
  return chosen;
}

class JudgeTrial {
 public:
  JudgeTrial(const Benchmark& benchmark, const JudgeNoiseParts& parts)
      : parts_(parts), tasks_(benchmark.tasks), spent_before_(spent()) {
    // Ids are hashes: whatever order the file has, this one is a draw that stays the same.
    std::sort(tasks_.begin(), tasks_.end(),
              [](const Task& one, const Task& other) { return one.id < other.id; });
  }

  // What the user rated comes first: where it is judged twice too, its first score is there then.
  Result<JudgeNoise> run() {
    if (auto done = ask_against_user(); !done) return done.error();
    if (auto done = ask_twice(); !done) return done.error();
    noise_.cost_usd = spent() - spent_before_;
    if (parts_.calls) noise_.calls = parts_.calls->judge_calls();
    return std::move(noise_);
  }

 private:
  double spent() const { return parts_.purse ? parts_.purse->spent_usd() : 0; }

  Result<void> ask_against_user() {
    auto rated = rated_answers(std::nullopt);
    if (!rated) return rated.error();
    const auto judged = judged_answers(
        std::move(*rated), 1, [](const Answer& answer) { return std::optional(answer.is_liked); });
    if (!judged) return judged.error();
    for (const Answer& answer : *judged) {
      ++noise_.with_user.asked;
      if (is_right(*answer.scores[0]) != answer.is_liked) ++noise_.with_user.disagree;
    }
    return {};
  }

  Result<void> ask_twice() {
    auto answers = recorded_answers();
    if (answers && answers->empty()) answers = rated_answers(Part::held_out);
    if (!answers) return answers.error();
    std::erase_if(*answers,
                  [](const Answer& answer) { return answer.output == answer.task->gold; });
    const auto judged =
        judged_answers(std::move(*answers), 2, [](const Answer& answer) -> std::optional<bool> {
          if (!answer.scores[0]) return std::nullopt;
          return is_right(*answer.scores[0]);
        });
    if (!judged) return judged.error();
    double differences = 0;
    for (const Answer& answer : *judged) {
      ++noise_.with_itself.asked;
      differences += std::abs(*answer.scores[0] - *answer.scores[1]);
      if (is_right(*answer.scores[0]) != is_right(*answer.scores[1])) ++noise_.with_itself.disagree;
    }
    if (!judged->empty())
      noise_.with_itself.mean_difference = differences / static_cast<double>(judged->size());
    return {};
  }

  /** Each task's newest, then each task's next one, and so on. */
  Result<std::vector<Answer>> recorded_answers() {
    std::vector<std::vector<Answer>> rounds;
    for (const Task& task : tasks_) {
      if (task.part != Part::held_out) continue;
      auto outputs = parts_.ledger.newest_outputs(task.id, kRunsOfATask);
      if (!outputs) return outputs.error();
      std::set<std::string> seen{""};
      std::size_t round = 0;
      for (std::string& output : *outputs) {
        if (!seen.insert(output).second) continue;
        if (round == rounds.size()) rounds.emplace_back();
        rounds[round++].push_back({&task, std::move(output), false, {}});
      }
    }
    std::vector<Answer> all;
    for (std::vector<Answer>& round : rounds)
      std::move(round.begin(), round.end(), std::back_inserter(all));
    return all;
  }

  /** What the user liked or disliked of the tasks' own traces. An answer that was liked and became
   * gold says nothing; one that was disliked and equals gold does. */
  Result<std::vector<Answer>> rated_answers(std::optional<Part> part) {
    std::vector<Answer> rated;
    for (const Task& task : tasks_) {
      if (part && task.part != *part) continue;
      auto trace = parts_.traces.find(task.trace_id);
      if (!trace && trace.error().kind == ErrorKind::not_found) continue;
      if (!trace) return trace.error();
      if (!trace->feedback || trace->result.empty()) continue;
      const bool is_liked = *trace->feedback >= parts_.rule.liked_at_least;
      if (is_liked ? trace->result != task.gold : *trace->feedback <= parts_.rule.failed_at_most)
        rated.push_back({&task, std::move(trace->result), is_liked, {}});
    }
    return rated;
  }

  /** Those that are chosen and have all `judgements` now. */
  Result<std::vector<Answer>> judged_answers(std::vector<Answer> answers, std::size_t judgements,
                                             const Kind& kind_of) {
    const auto is_judged = [&](const Answer& answer) {
      return std::all_of(answer.scores.begin(), answer.scores.begin() + judgements,
                         [](const std::optional<double>& score) { return score.has_value(); });
    };
    if (auto known = look_up(answers, judgements); !known) return known.error();
    if (!parts_.calls) std::erase_if(answers, std::not_fn(is_judged));
    std::stable_partition(answers.begin(), answers.end(), is_judged);
    std::vector<Answer> chosen = half_and_half(std::move(answers), kind_of);
    if (auto asked = ask(chosen, judgements); !asked) return asked.error();
    noise_.missing += static_cast<int>(std::erase_if(chosen, std::not_fn(is_judged)));
    return chosen;
  }

  Result<void> look_up(std::vector<Answer>& answers, std::size_t judgements) {
    for (Answer& answer : answers)
      for (std::size_t i = 0; i < judgements; ++i) {
        const auto known =
            parts_.ledger.score({answer.task->query, answer.task->gold, answer.output,
                                 parts_.judge_identity, static_cast<int>(i)});
        if (!known) return known.error();
        answer.scores[i] = *known;
      }
    return {};
  }

  Result<void> ask(std::vector<Answer>& answers, std::size_t judgements) {
    if (!parts_.calls) return {};
    std::atomic<int> done{0};
    parallel_for(answers.size(), static_cast<std::size_t>(std::max(parts_.concurrency, 1)),
                 [&](std::size_t index) {
                   for (std::size_t i = 0; i < judgements && ask(answers[index], i); ++i) continue;
                   if (parts_.progress)
                     parts_.progress->count({"judge", ++done, static_cast<int>(answers.size())});
                 });
    if (const auto error = parts_.calls->ledger_error()) return *error;
    return {};
  }

  /** Whether the answer has that judgement now. */
  bool ask(Answer& answer, std::size_t repetition) {
    if (answer.scores[repetition]) return true;
    if (is_over_) return false;
    const auto score = parts_.calls->score(answer.task->query, answer.task->gold, answer.output,
                                           static_cast<int>(repetition));
    if (score)
      answer.scores[repetition] = *score;
    else
      note(score.error());
    return score.ok();
  }

  void note(const Error& error) {
    const std::lock_guard lock(mutex_);
    const bool ends = ends_asking(error);
    if (!noise_.failure || (ends && !is_over_)) noise_.failure = error;
    if (ends) is_over_ = true;
  }

  const JudgeNoiseParts& parts_;
  std::vector<Task> tasks_;
  const double spent_before_;
  JudgeNoise noise_;
  std::atomic<bool> is_over_{false};
  std::mutex mutex_;
};

}  // namespace

Result<JudgeNoise> measure_judge_noise(const Benchmark& benchmark, const JudgeNoiseParts& parts) {
  return JudgeTrial(benchmark, parts).run();
}

}  // namespace jarvis
