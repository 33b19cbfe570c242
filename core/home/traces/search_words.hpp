#pragma once

#include <string>
#include <vector>

namespace jarvis {

/** Words that hold a letter, a digit or anything beyond ASCII: the index knows no others. */
std::vector<std::string> searchable_words(const std::string& text);

/** Each word as a quoted phrase of FTS5, in which no character has a meaning. */
std::string match_expression(const std::vector<std::string>& words);

}  // namespace jarvis
