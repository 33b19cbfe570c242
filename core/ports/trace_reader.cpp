#include "core/ports/trace_reader.hpp"

namespace jarvis {

Result<void> TraceReader::scan(const TraceFilter& filter, const Visit& visit) const {
  TraceFilter all = filter;
  all.limit = -1;
  const auto traces = list(all);
  if (!traces) return traces.error();
  for (const Trace& trace : *traces)
    if (!visit(trace)) break;
  return {};
}

Result<std::vector<Trace>> TraceReader::ratings(TraceFilter filter) const {
  filter.rated_only = true;
  return list(filter);
}

Result<std::int64_t> TraceReader::count_matching(const TraceFilter& filter) const {
  std::int64_t count = 0;
  const auto counted = scan(filter, [&](const Trace&) { return ++count > 0; });
  if (!counted) return counted.error();
  return count;
}

Result<Trace> TraceReader::find(const std::string& id) const {
  auto trace = get(id);
  if (!trace) return trace;
  if (trace->id != id) return Error{ErrorKind::not_found, "there is no trace '" + id + "'", ""};
  trace->steps.clear();
  return trace;
}

}  // namespace jarvis
