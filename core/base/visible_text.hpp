#pragma once

#include <string>

namespace jarvis {

/** The text with control characters, bidirectional marks and invalid UTF-8 made visible; newlines
 * and tabs stay when `keep_lines` is true, and become blanks otherwise. */
std::string visible(const std::string& text, bool keep_lines = false);

/** JSON text with what can drive a terminal within its strings as escapes, which mean the same. */
std::string safe_json(const std::string& text);

}  // namespace jarvis
