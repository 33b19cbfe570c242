#pragma once

#include <string>
#include <vector>

#include "core/report/session_spans.hpp"

namespace jarvis {

/** The JSON form of an OTLP ExportTraceServiceRequest with the spans of one trace, as a collector
 * takes it at /v1/traces. */
json::object otlp_document(const std::string& trace_id, const std::vector<SessionSpan>& spans,
                           const std::string& version);

}  // namespace jarvis
