#pragma once

#include <jarvis/sdk/json.hpp>
#include <vector>

namespace jarvis::anthropic {

namespace json = boost::json;

/** What the last event of a whole stream holds. */
inline constexpr const char* kStreamEnd = "\"message_stop\"";

/** The message that the events of a stream make up, as it would have come in one piece. Throws
 *  sdk::Failure for an error that the provider put into the stream. */
json::object reply_of(const std::vector<json::object>& events);

}  // namespace jarvis::anthropic
