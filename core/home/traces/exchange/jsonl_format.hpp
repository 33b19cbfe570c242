#pragma once

#include <string>
#include <string_view>

#include "core/home/traces/trace_row.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** One trace as a line of JSON, with its newline. JSON columns are put in as they are where they
 * hold what they should (an object; for messages an array), else as a string of their text. */
std::string to_jsonl(const TraceRow& row);

/** What to_jsonl writes, field for field and byte for byte; also written by others: all but `query`
 * may be absent. A line without trace_id gets an id from its text. The agent stays empty when none
 * is named. The error says what is wrong with the line. */
Result<TraceRow> from_jsonl(std::string_view line, const std::string& agent_if_absent);

}  // namespace jarvis
