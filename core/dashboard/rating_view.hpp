#pragma once

#include "core/dashboard/page.hpp"
#include "core/model/trace.hpp"

namespace jarvis::dashboard {

/** The trace's rating in words. */
std::string rating_text(const Trace& trace);
/** Two thumbs that rate it; afterwards the browser comes back to `back`, a page of traces. */
Html thumbs(const Visit& visit, const Trace& trace, const std::string& back);

}  // namespace jarvis::dashboard
