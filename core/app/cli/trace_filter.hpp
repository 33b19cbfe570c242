#pragma once

#include "core/app/cli/command.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** --agent, --min-feedback and --max-feedback. usage when one of them is no number. */
Result<TraceFilter> trace_filter(const Arguments& arguments);

}  // namespace jarvis
