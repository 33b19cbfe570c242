#include "core/privacy/eligible_traces.hpp"

#include <algorithm>

namespace jarvis {

namespace {

bool says_yes(const json::value& value) {
  if (value.is_bool()) return value.as_bool();
  if (value.is_number()) return value.to_number<double>() != 0;
  return value.is_string() && value.as_string() != "false" && value.as_string() != "no" &&
         value.as_string() != "";
}

bool is_marked_private(const json::value& metadata) {
  if (!metadata.is_object()) return false;
  const json::object& object = metadata.as_object();
  const json::value* mark = object.if_contains("private");
  if (mark && says_yes(*mark)) return true;
  return sdk::optional_string(object, "privacy") == "private";
}

}  // namespace

bool Eligibility::excludes(const std::string& agent) const {
  return std::find(exclude_agents_.begin(), exclude_agents_.end(), agent) != exclude_agents_.end();
}

bool Eligibility::may_leave(const Trace& trace) const {
  return !excludes(trace.agent) && !is_marked_private(trace.metadata);
}

Benchmark Eligibility::eligible(Benchmark benchmark, const TraceReader& all) const {
  std::erase_if(benchmark.tasks, [&](const Task& task) {
    if (excludes(task.agent)) return true;
    const auto trace = all.find(task.trace_id);
    return trace && !may_leave(*trace);
  });
  return benchmark;
}

Result<std::int64_t> EligibleTraces::count() const {
  std::int64_t counted = 0;
  const auto scanned = scan({}, [&](const Trace&) {
    ++counted;
    return true;
  });
  if (!scanned) return scanned.error();
  return counted;
}

// What may not leave is taken out of what the store gives, so that more is asked for until enough
// is left.
template <class Source>
Result<std::vector<Trace>> EligibleTraces::some(std::int64_t limit, Source newest) const {
  for (std::int64_t asked = limit;; asked = asked * 4 + 16) {
    auto traces = newest(asked);
    if (!traces) return traces.error();
    const bool all_seen = asked < 0 || static_cast<std::int64_t>(traces->size()) < asked;
    std::erase_if(*traces, [&](const Trace& trace) { return !eligibility_.may_leave(trace); });
    const bool enough = limit >= 0 && static_cast<std::int64_t>(traces->size()) >= limit;
    if (enough) traces->resize(static_cast<std::size_t>(limit));
    if (enough || all_seen) return traces;
  }
}

Result<std::vector<Trace>> EligibleTraces::list(const TraceFilter& filter) const {
  return some(filter.limit, [&](std::int64_t limit) {
    TraceFilter wider = filter;
    wider.limit = limit;
    return all_.list(wider);
  });
}

Result<Trace> EligibleTraces::checked(Result<Trace> trace) const {
  if (trace && !eligibility_.may_leave(*trace))
    return Error{ErrorKind::not_found, "no trace '" + trace->id + "' that may leave this machine",
                 "it is marked private, or its agent is in privacy.exclude_agents"};
  return trace;
}

Result<Trace> EligibleTraces::get(const std::string& id) const {
  return checked(all_.get(id));
}

Result<Trace> EligibleTraces::find(const std::string& id) const {
  return checked(all_.find(id));
}

Result<void> EligibleTraces::scan(const TraceFilter& filter, const Visit& visit) const {
  return all_.scan(filter, [&](const Trace& trace) {
    return eligibility_.may_leave(trace) ? visit(trace) : true;
  });
}

Result<std::vector<Trace>> EligibleTraces::search(const std::string& words,
                                                  std::int64_t limit) const {
  return some(limit, [&](std::int64_t wider) { return all_.search(words, wider); });
}

}  // namespace jarvis
