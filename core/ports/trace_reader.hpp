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
};

}  // namespace jarvis
