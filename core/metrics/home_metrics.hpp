#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/dashboard/sessions_index.hpp"
#include "core/home/live_home.hpp"
#include "core/metrics/exposition.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

/** The figures of a home for a monitoring system. Names and figures alone: no text of a trace, a
 * task, an edit or an error. What has not changed since the last look is not read again. Holds
 * nothing open between looks. For one thread at a time. */
class HomeMetrics {
 public:
  /** `clock` is borrowed. */
  HomeMetrics(std::filesystem::path home, const Clock& clock, std::string version);

  /** In the text form of Prometheus. A part that cannot be read is left out, and a sample of
   * "readable" says so. */
  std::string text();

 private:
  struct TraceCounts {
    std::int64_t all = 0, rated = 0, liked = 0;
  };

  void add_daemon(Exposition& out);
  void add_sessions(Exposition& out);
  void add_benchmark(Exposition& out);
  void add_spending(Exposition& out);
  void add_traces(Exposition& out);
  void add_queue(Exposition& out) const;
  bool count_traces();

  const std::filesystem::path home_;
  const Clock& clock_;
  const std::string version_;
  LiveHome view_;
  dashboard::SessionIndex sessions_;

  dashboard::Stamp ledger_;
  std::uint64_t ledger_read_ = 0;            ///< so many bytes are in:
  std::map<std::string, double> spent_usd_;  ///< by purpose

  std::vector<dashboard::Stamp> counted_;  ///< the files that these were counted in
  TraceCounts traces_;

  std::map<std::string, bool> readable_;  ///< by part
};

}  // namespace jarvis
