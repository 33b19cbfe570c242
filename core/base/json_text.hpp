#pragma once

#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** The array in the last ```json (or unnamed) fence of a text. not_found when there is no such
 * fence; invalid, with the parser's words, when it holds no JSON array. */
Result<json::array> last_fenced_array(const std::string& text);

/** The JSON object that a reply consists of: the whole text, the inside of a fence, or what stands
 *  between its first '{' and its last '}'. */
Result<json::object> object_in_reply(const std::string& text);

/** Pretty-printed with two spaces and a final newline, keys in the order they were put in. Numbers
 * keep every digit that they need; what JSON cannot say (NaN, infinity) is null. */
std::string pretty(const json::value& value);

/** The text with the first `what` in it replaced. */
std::string replaced(std::string text, const std::string& what, const std::string& with);

/** At most `limit` bytes of UTF-8 text, cut between characters, with "…" where something was cut.
 */
std::string shortened(const std::string& text, std::size_t limit);
/** The same of its end: "…" stands in front. */
std::string last_part(const std::string& text, std::size_t limit);

}  // namespace jarvis
