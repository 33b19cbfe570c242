#include "core/app/cli/trace_filter.hpp"

namespace jarvis {

Result<TraceFilter> trace_filter(const Arguments& arguments) {
  TraceFilter filter;
  if (arguments.has("--agent")) filter.agent = arguments.text("--agent");
  const auto least = arguments.number("--min-feedback"), most = arguments.number("--max-feedback");
  if (!least) return least.error();
  if (!most) return most.error();
  filter.min_feedback = *least;
  filter.max_feedback = *most;
  return filter;
}

}  // namespace jarvis
