#pragma once

#include <jarvis/text/toml_document.hpp>
#include <map>
#include <string>

namespace jarvis::text {

/** tools/descriptions.toml is read by two kinds of readers: by TOML parsers, and by OpenJarvis line
 * by line. Text that both read alike stands in one form only: a bare header line, and below it
 * `description = "…"` on one line. */

/** What OpenJarvis reads from such a file: descriptions by the name in the last header above.
 * Throws nothing: lines that are neither are passed over. */
std::map<std::string, std::string> scanned_descriptions(const std::string& text);

/** Throws JARVIS_INVALID for a description that cannot stand in that form: blank, over 4096 bytes,
 * with a double quote, a backslash, a tab or a line's end, or with a single quote at an end.
 * `field` names the payload's field. */
void require_tool_description(const std::string& description, const std::string& field);

/** Sets a tool's description, which must be fit (require_tool_description). Comments and other
 * tables stay byte for byte. Throws JARVIS_REFUSED ("no change: …") where it is there already, and
 * where the file is written so that OpenJarvis would read anything else for this tool, or for
 * another one than it read before; `document` is unchanged then. No file is written. */
void set_tool_description(TomlDocument& document, const std::string& tool,
                          const std::string& description);

}  // namespace jarvis::text
