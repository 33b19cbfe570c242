#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/home/traces/trace_row.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** The traces in a line of a chat log in the OpenAI form.
 *
 * A conversation, {"messages": […]}, gives one trace for each user message that was answered. A
 * logged call, which also has the reply ("response", "choices"; the request may stand in "request"
 * or "body"), gives one trace: its last user message and the reply. Ids are the record's own
 * ("trace_id", or an "id" long enough to be one of a kind) or come from the content, so that a
 * conversation that has grown adds its new turns alone. invalid, with a reason for people, when
 * nothing in the line was asked and answered. */
Result<std::vector<TraceRow>> from_chat(std::string_view line, const std::string& agent_if_absent);

}  // namespace jarvis
