#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/trace.hpp"

namespace jarvis {

/** Which traces are wanted. Every filter applies before the limit; newest first. */
struct TraceFilter {
  std::int64_t limit = 20;  ///< negative: all
  std::optional<std::string> agent;
  std::optional<std::string> outcome;
  std::optional<double> min_feedback;  ///< inclusive; unrated traces do not match
  std::optional<double> max_feedback;
  bool rated_only = false;
  std::optional<double> since;  ///< unix seconds; those that began then or later
  std::optional<double> until;  ///< those that began before
  bool oldest_first = false;
};

/** Reads the trace store. Safe to call from many threads. */
class TraceReader {
 public:
  virtual ~TraceReader() = default;
  virtual Result<std::int64_t> count() const = 0;
  /** Without steps. */
  virtual Result<std::vector<Trace>> list(const TraceFilter& filter) const = 0;
  /** With steps. not_found when there is none of that id. */
  virtual Result<Trace> get(const std::string& id) const = 0;
  /** Plain words, all of which must occur; never an FTS syntax error. Newest first, without steps.
   */
  virtual Result<std::vector<Trace>> search(const std::string& words, std::int64_t limit) const = 0;

  /** Hands one trace after the other to `visit` until it gives false: for stores that are larger
   * than memory. Only id, query, agent, result, feedback, started_at and metadata need be filled.
   * In no order; the filter's limit does not count. `visit` must not use the reader. */
  using Visit = std::function<bool(const Trace& trace)>;
  virtual Result<void> scan(const TraceFilter& filter, const Visit& visit) const;
  /** The trace of exactly this id, without steps. not_found when there is none. */
  virtual Result<Trace> find(const std::string& id) const;
  /** As list, of the rated ones alone, with nothing but id, the beginning of the query, agent,
   * feedback, started_at and metadata: small, however large the answers are. */
  virtual Result<std::vector<Trace>> ratings(TraceFilter filter) const;
  /** How many the filter lets through; its limit does not count. */
  virtual Result<std::int64_t> count_matching(const TraceFilter& filter) const;
};

}  // namespace jarvis
