#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** From which feedback on an answer counts as liked, and down to which as disliked. */
struct FeedbackBounds {
  double liked_from = 0.7;
  double disliked_to = 0.3;
};

struct FeedbackCount {
  std::int64_t rated = 0;
  std::int64_t liked = 0;
  std::int64_t disliked = 0;
};

struct FeedbackStats {
  std::int64_t traces = 0;
  FeedbackCount all;
  std::int64_t by_judge = 0;  ///< rated by the judge, not by a person
  double sum = 0;             ///< of the ratings
  std::map<std::string, FeedbackCount> by_agent;

  std::optional<double> mean() const;  ///< nothing: none is rated
};

/** Who rated a trace, in its metadata; a trace without the key was rated by a person. */
inline constexpr const char* kFeedbackSource = "feedback_source";
inline constexpr const char* kRatedByJudge = "judge";

/** Whether the judge, and not a person, rated it. */
bool is_rated_by_judge(const Trace& trace);

/** Counts the whole store, in constant memory. */
Result<FeedbackStats> feedback_stats_of(const TraceReader& traces, const FeedbackBounds& bounds);

}  // namespace jarvis
