#pragma once

#include <list>
#include <map>
#include <string>
#include <vector>

#include "core/home/traces/exchange/otlp_span.hpp"
#include "core/home/traces/exchange/row_sink.hpp"

namespace jarvis {

/** Puts spans, which come in any order, together to traces: each agent or model span that is below
 * no other gives one, with what is below it as steps. Of the traces that are still open only so
 * much is held; the oldest are closed first. The id is "<traceId>-<spanId>". */
class SpanTrees {
 public:
  /** The sink is borrowed. */
  SpanTrees(RowSink& sink, std::string agent_if_absent);
  void add(Span span);
  /** No more spans come. */
  void finish();

 private:
  struct Open {
    std::string trace_id;
    std::vector<Span> spans;
    std::size_t bytes = 0;
  };
  using Place = std::list<Open>::iterator;
  void close(Place place);

  RowSink& sink_;
  std::string agent_;
  std::list<Open> open_;  ///< oldest first
  std::map<std::string, Place> by_id_;
  std::size_t bytes_ = 0;
};

}  // namespace jarvis
