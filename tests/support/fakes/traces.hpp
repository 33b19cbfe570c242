#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/ports/clock.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis::testing {

/** Traces held in memory, the first one newest. */
class FakeTraces : public TraceReader {
 public:
  std::vector<Trace> traces;

  Trace& add(const std::string& query, double feedback, const std::string& result = "an answer") {
    Trace trace;
    trace.id = "trace-" + std::to_string(traces.size());
    trace.query = query;
    trace.result = result;
    trace.feedback = feedback;
    trace.agent = "simple";
    trace.started_at = static_cast<double>(traces.size());
    traces.push_back(trace);
    return traces.back();
  }

  /** `count` liked or failed questions that differ. */
  void add_many(int count, double feedback, const std::string& topic) {
    for (int i = 0; i < count; ++i) add(topic + " number " + std::to_string(i) + "?", feedback);
  }

  Result<std::int64_t> count() const override { return static_cast<std::int64_t>(traces.size()); }
  Result<std::vector<Trace>> list(const TraceFilter& filter) const override {
    return newest(filter.limit, [&](const Trace& trace) {
      return (!filter.since || trace.started_at >= *filter.since) &&
             (!filter.until || trace.started_at < *filter.until) &&
             (!filter.rated_only || trace.feedback) &&
             (!filter.agent || trace.agent == *filter.agent) &&
             (!filter.outcome || trace.outcome == filter.outcome) &&
             (!filter.min_feedback ||
              (trace.feedback && *trace.feedback >= *filter.min_feedback)) &&
             (!filter.max_feedback || (trace.feedback && *trace.feedback <= *filter.max_feedback));
    });
  }
  /** Unique beginnings of ids are understood, as the store does. */
  Result<Trace> get(const std::string& id) const override {
    for (const Trace& trace : traces)
      if (trace.id == id) return trace;
    for (const Trace& trace : traces)
      if (!id.empty() && trace.id.rfind(id, 0) == 0) return trace;
    return Error{ErrorKind::not_found, "no trace '" + id + "'", ""};
  }
  Result<std::vector<Trace>> search(const std::string& words, std::int64_t limit) const override {
    return newest(limit,
                  [&](const Trace& trace) { return trace.query.find(words) != std::string::npos; });
  }

 private:
  template <class Matches>
  std::vector<Trace> newest(std::int64_t limit, Matches matches) const {
    std::vector<Trace> found;
    for (const Trace& trace : traces)
      if (matches(trace) && (limit < 0 || static_cast<std::int64_t>(found.size()) < limit))
        found.push_back(trace);
    return found;
  }
};

class FixedClock : public Clock {
 public:
  double seconds = 1780000000;
  double now() const override { return seconds; }
};

}  // namespace jarvis::testing
