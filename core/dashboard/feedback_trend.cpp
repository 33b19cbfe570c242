#include "core/dashboard/feedback_trend.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/home/paths.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/ports/clock.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::int64_t kNewestRated = 2000;
constexpr std::size_t kMostPoints = 40;
constexpr double kDay = 86400;

}  // namespace

std::vector<FeedbackPoint> feedback_points(const std::vector<Trace>& rated, std::size_t most) {
  std::map<std::int64_t, std::pair<double, int>> days;
  for (const Trace& trace : rated) {
    if (!trace.feedback || !std::isfinite(trace.started_at)) continue;
    auto& [sum, count] = days[static_cast<std::int64_t>(std::floor(trace.started_at / kDay))];
    sum += *trace.feedback;
    ++count;
  }
  if (days.empty()) return {};
  const std::int64_t first = days.begin()->first;
  const std::int64_t span = days.rbegin()->first - first + 1;
  const auto wanted = static_cast<std::int64_t>(most);
  const std::int64_t width = (span + wanted - 1) / wanted;
  std::map<std::int64_t, std::pair<double, int>> groups;
  for (const auto& [day, totals] : days) {
    auto& [sum, count] = groups[(day - first) / width];
    sum += totals.first;
    count += totals.second;
  }
  std::vector<FeedbackPoint> points;
  for (const auto& [group, totals] : groups)
    points.push_back({iso8601(static_cast<double>(first + group * width) * kDay).substr(0, 10),
                      totals.first / totals.second, totals.second});
  return points;
}

Result<std::vector<FeedbackPoint>> FeedbackTrend::look() {
  const std::lock_guard lock(mutex_);
  const std::filesystem::path store = home_ / kTracesFile;
  const std::vector<Stamp> stamps{stamp_of(store), stamp_of(store.string() + "-wal")};
  if (stamps == counted_) return points_;
  const auto traces = TraceStore::open(store);
  if (!traces) return traces.error();
  TraceFilter filter;
  filter.limit = kNewestRated;
  filter.rated_only = true;
  const auto rated = (*traces)->list(filter);
  if (!rated) return rated.error();
  points_ = feedback_points(*rated, kMostPoints);
  counted_ = stamps;
  return points_;
}

}  // namespace jarvis::dashboard
