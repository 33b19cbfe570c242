#include "core/ports/feedback_stats.hpp"

namespace jarvis {

namespace {

void add(FeedbackCount& count, double feedback, const FeedbackBounds& bounds) {
  ++count.rated;
  if (feedback >= bounds.liked_from) ++count.liked;
  if (feedback <= bounds.disliked_to) ++count.disliked;
}

}  // namespace

std::optional<double> FeedbackStats::mean() const {
  return all.rated > 0 ? std::optional(sum / static_cast<double>(all.rated)) : std::nullopt;
}

bool is_rated_by_judge(const Trace& trace) {
  return trace.feedback && trace.metadata.is_object() &&
         sdk::optional_string(trace.metadata.as_object(), kFeedbackSource) == kRatedByJudge;
}

Result<FeedbackStats> feedback_stats_of(const TraceReader& traces, const FeedbackBounds& bounds) {
  FeedbackStats stats;
  const auto count = traces.count();
  if (!count) return count.error();
  stats.traces = *count;
  TraceFilter rated;
  rated.rated_only = true;
  const auto scanned = traces.scan(rated, [&](const Trace& trace) {
    const double feedback = trace.feedback.value_or(0);
    add(stats.all, feedback, bounds);
    add(stats.by_agent[trace.agent], feedback, bounds);
    stats.sum += feedback;
    if (is_rated_by_judge(trace)) ++stats.by_judge;
    return true;
  });
  if (!scanned) return scanned.error();
  return stats;
}

}  // namespace jarvis
