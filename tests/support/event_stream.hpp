#pragma once

#include "tests/support/loopback_server.hpp"

namespace jarvis::testing {

/** A whole answer of the Anthropic messages protocol as the events of a stream, in chunks. */
ScriptedReply anthropic_stream(const boost::json::object& reply);

/** The same for chat completions. Usage comes in an event of its own where it was asked for. */
ScriptedReply chat_stream(const boost::json::object& reply, bool include_usage);

/** Server-sent events with these data, in chunks; with a name each where they say a type. */
ScriptedReply event_stream(const std::vector<boost::json::object>& events, bool named);

/** A text in a few pieces, as a stream brings it. Cut between characters. */
std::vector<std::string> pieces_of(const std::string& text);

}  // namespace jarvis::testing
