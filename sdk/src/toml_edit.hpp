#pragma once

#include <string>
#include <vector>

#include "toml_layout.hpp"

namespace jarvis::text {

/** Puts `text` in the place of the bytes of `span`. */
struct Replacement {
  Span span;
  std::string text;
};

/** `text` with all replacements made. They must not overlap; those at one place keep their order.
 */
std::string replaced(const std::string& text, const std::vector<Replacement>& replacements);

/** The replacements that set, remove, append and remove an item. Each gives its best reading of the
 * text; the caller proves the result by parsing it. JARVIS_REFUSED when there is no place for the
 * edit. */
std::vector<Replacement> setting(const std::string& text, const json::object& values,
                                 const TomlPath& path, const json::value& value);
std::vector<Replacement> removing(const std::string& text, const TomlPath& path);
std::vector<Replacement> appending(const std::string& text, const TomlPath& path,
                                   const json::value& item);
std::vector<Replacement> removing_item(const std::string& text, const TomlPath& path,
                                       std::size_t index);

/** Behind the line end of the line that `at` stands in. */
std::size_t end_of_line(const std::string& text, std::size_t at);
std::size_t start_of_line(const std::string& text, std::size_t at);
/** The blanks that the line of `at` begins with. */
std::string indentation(const std::string& text, std::size_t at);
/** "\r\n" for a text whose first line ends so, else "\n". */
std::string line_ending(const std::string& text);

}  // namespace jarvis::text
