#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace jarvis::text {

/** Reads the code point that begins at `at` and moves `at` behind it. Nothing, with `at` unmoved,
 * at the end and where the bytes are not well-formed UTF-8 (overlong forms and surrogates
 * included). */
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at);

// Functions of text alone: no state, safe to call from many threads, and none throws but for want
// of memory.

/** True when all of `text` is well-formed UTF-8. */
bool is_utf8(std::string_view text);

/** Appends `code_point`, which must not be a surrogate or above U+10FFFF. */
void append_utf8(std::string& text, char32_t code_point);

/** "U+200B": at least four digits, in capitals. */
std::string code_point_name(char32_t code_point);

/** "line 3, column 5" of the byte at `at`, both from 1; columns count code points. */
std::string place_of(std::string_view text, std::size_t at);

}  // namespace jarvis::text
