#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** How deep a record may nest. */
inline constexpr int kDeepestRecord = 100;

/** Why a text cannot be a line of records; empty when nothing speaks against it. */
std::string fault_of_line(std::string_view line);

/** The object that a line holds. invalid, with a reason for people, when it holds none. */
Result<json::object> object_of_line(std::string_view line, json::storage_ptr memory);

/** "ext-<format>-" and 32 digits of the content's SHA-256: an id that is the same whenever the same
 * record is read. */
std::string id_from_content(std::string_view format, std::string_view content);

/** Unix seconds from a number (seconds, or milliseconds where it is too large for those) or an ISO
 * 8601 text; 0 when it is neither. */
double unix_seconds(const json::value* value);

/** The text of a message's content: a string, or the text parts of an array, one below the other.
 * Empty for anything else. */
std::string content_text(const json::value* content);

/** The string at `key`; empty when there is none. */
std::string text_at(const json::object& object, std::string_view key);

/** A rating: nothing when absent or null. invalid when it is no number from 0 to 1. */
Result<std::optional<double>> rating_of(const json::value* value);

}  // namespace jarvis
