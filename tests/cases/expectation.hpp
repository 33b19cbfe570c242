#pragma once

#include <string>

namespace jarvis::testing {

/** Whether the text has these words, where "…" stands for any. */
bool matches(const std::string& expected, const std::string& actual);

/** What no output may hold: the first control character, as text; empty when there is none. */
std::string control_character(const std::string& text);

/** The first line that is wider than that; empty when all fit. */
std::string wide_line(const std::string& text, std::size_t columns = 80);

}  // namespace jarvis::testing
