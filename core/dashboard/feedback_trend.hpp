#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "core/dashboard/sessions_index.hpp"
#include "core/model/result.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis::dashboard {

/** The mean rating of the answers of some days. */
struct FeedbackPoint {
  std::string label;  ///< the first day, "2026-06-01"
  double mean = 0;
  int rated = 0;
};

/** Rated answers by day, or by as many days as make at most `most` points; oldest first. Traces
 * come newest first. */
std::vector<FeedbackPoint> feedback_points(const std::vector<Trace>& rated, std::size_t most);

/** The trend of the newest rated answers. Counted again only when the store has changed. Safe to
 * call from many threads. */
class FeedbackTrend {
 public:
  explicit FeedbackTrend(std::filesystem::path home) : home_(std::move(home)) {}

  Result<std::vector<FeedbackPoint>> look();

 private:
  const std::filesystem::path home_;
  std::mutex mutex_;
  std::vector<Stamp> counted_;
  std::vector<FeedbackPoint> points_;
};

}  // namespace jarvis::dashboard
