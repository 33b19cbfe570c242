#include "core/watch/feedback_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace jarvis {

namespace {

constexpr std::size_t kMostBefore = 4;  ///< ratings in a pair; more would hardly lessen its noise
/** A supply is used more sparingly when it falls below so many for each rating in a pair. */
constexpr std::size_t kSupply = 50;

/** How many to take of so many. Their number alone says, never what they are. */
std::size_t taken_of(std::size_t left) {
  return std::clamp<std::size_t>(left / kSupply, 1, kMostBefore);
}

}  // namespace

RunningComparison::RunningComparison(const std::vector<Rating>& before) {
  for (const Rating& rating : before)
    supplies_[{rating.agent, rating.query_class}].scores.push_back(rating.score);
  sums_.rated_before = static_cast<std::int64_t>(before.size());
}

void RunningComparison::add(const Rating& after) {
  ++sums_.rated_after;
  const auto found = supplies_.find({after.agent, after.query_class});
  if (found == supplies_.end() || found->second.used == found->second.scores.size()) return;
  Supply& supply = found->second;
  const std::size_t count = taken_of(supply.scores.size() - supply.used);
  double former = 0;
  for (std::size_t i = 0; i < count; ++i) former += supply.scores[supply.used++];
  former /= static_cast<double>(count);
  evidence_.add(former, after.score);
  sums_.before += former;
  sums_.after += after.score;
  ++sums_.traces;
}

FeedbackComparison RunningComparison::so_far() const {
  FeedbackComparison comparison = sums_;
  if (comparison.traces == 0) return comparison;
  comparison.before /= static_cast<double>(comparison.traces);
  comparison.after /= static_cast<double>(comparison.traces);
  comparison.log_evidence = evidence_.log_value();
  comparison.is_credible = comparison.rated_after >= static_cast<std::int64_t>(kLeastRatings) &&
                           comparison.log_evidence >= -std::log(kFalseAlarm);
  return comparison;
}

FeedbackComparison compare_feedback(const std::vector<Rating>& before,
                                    const std::vector<Rating>& after) {
  RunningComparison comparison(before);
  for (const Rating& rating : after) comparison.add(rating);
  return comparison.so_far();
}

std::string fall_text(const FeedbackComparison& comparison) {
  char text[96];
  std::snprintf(text, sizeof text, "feedback fell from %.2f to %.2f on %lld traces",
                comparison.before, comparison.after, static_cast<long long>(comparison.traces));
  return text;
}

}  // namespace jarvis
