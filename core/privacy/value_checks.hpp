#pragma once

#include <string_view>

#include "core/privacy/checks.hpp"

namespace jarvis {

/** Whether the value of a key that names a password is one: not a reference to one ("${PASSWORD}"),
 * not a type, not prose. In a document without quotes a plain word counts only where it ends its
 * line. */
bool password_value(const Finding& finding);
/** The same for the value of a key that names an API key or token: those are never plain words. */
bool key_value(const Finding& finding);
/** For a text behind the name in a call: `set("password", "…")`. */
bool argument_value(const Finding& finding);
/** For a word behind `--password`. */
bool flag_value(const Finding& finding);
/** For weak names: letters and digits, and no number, path or code. */
bool strict_value(const Finding& finding);
bool url_password(const Finding& finding);

/** The same for a value that stands alone, as the text of a JSON key does. */
bool is_password(std::string_view value);
bool is_key(std::string_view value);

}  // namespace jarvis
