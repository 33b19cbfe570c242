#pragma once

#include <cstddef>
#include <jarvis/text/toml_document.hpp>
#include <string>
#include <string_view>

namespace jarvis::text {

/** A TOML basic string with its quotes; control characters are escaped. `value` must be UTF-8. */
std::string quoted(std::string_view value);

/** `key` as it may stand in a key path: bare where possible. */
std::string written_key(const std::string& key);

/** The value of a single-line string literal, given with its quotes. The literal must be valid
 * TOML. */
std::string unquoted(std::string_view literal);

/** The end of the string literal, single- or multi-line, whose opening quote is at `at`; where it
 * is not closed, the end of the line or of the text. */
std::size_t end_of_string(std::string_view text, std::size_t at);

/** `value` as TOML on one line. Throws JARVIS_INVALID for what TOML cannot hold: null, integers
 * above 2^63 − 1, text that is not UTF-8. */
std::string written_value(const json::value& value);

}  // namespace jarvis::text
