#pragma once

#include <jarvis/sdk/json.hpp>
#include <string>
#include <string_view>

namespace jarvis::text {

namespace json = boost::json;

/** True for what may name an agent, a tool or an edit: `[a-z0-9][a-z0-9_-]{0,63}`. Such a name is
 * safe as one part of a path. */
bool is_valid_name(std::string_view name);

/** The name at `field` of an edit's payload. Throws JARVIS_INVALID ("field 'payload.agent' …") when
 * it is missing, not a string or not a valid name. */
std::string require_name(const json::object& payload, std::string_view field);

/** The string at `field` of an edit's payload, which must be visible text (see
 * require_visible_text); it may be empty. Throws JARVIS_INVALID ("field 'payload.agent' …"). */
std::string require_text(const json::object& payload, std::string_view field);

/** Refuses what a reader cannot see: bytes that are not UTF-8, NUL, control characters and escape
 * sequences, zero-width characters, bidirectional controls, tag characters. Newline and tab are
 * allowed, a carriage return before a newline too. `field` ("payload.diff") stands in the message.
 * Throws JARVIS_INVALID. */
void require_visible_text(std::string_view text, std::string_view field);

}  // namespace jarvis::text
