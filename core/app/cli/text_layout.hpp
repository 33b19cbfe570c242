#pragma once

#include <string>
#include <vector>

namespace jarvis {

// How texts are fitted to the columns of a terminal. Texts are what visible() gives.

/** How many columns the text takes: wide characters take two, combining ones none. */
std::size_t columns_of(const std::string& text);

/** Breaks a text at blanks into lines of at most so many columns. A longer word stays whole, or is
 * cut where `cut_words` is true. At least one line, which may be empty. */
std::vector<std::string> wrapped(const std::string& text, std::size_t columns, bool cut_words);

/** Cuts a text between characters into pieces of at most so many columns; at least one piece. */
std::vector<std::string> pieces_of(const std::string& text, std::size_t columns);

/** The columns of the widest word. */
std::size_t widest_word(const std::string& text);

/** Where the lines after the first begin: under the text that follows a label ("  cost       …"),
 * or under the first word. */
std::size_t hanging_indent(const std::string& line);

}  // namespace jarvis
