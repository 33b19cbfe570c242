#pragma once

#include <string>
#include <vector>

namespace jarvis::markdown {

// Text from elsewhere as text of GitHub's Markdown: it is never markup, makes no link, mentions
// nobody and begins no line.

/** Within a line. */
std::string plain(const std::string& text);
/** "`text`". */
std::string code(const std::string& text);
/** A block with its lines as they are, between fences that its own backticks cannot end. */
std::string fenced(const std::string& text, const std::string& language = "text");
/** A row of a table; the cells are Markdown. */
std::string row(const std::vector<std::string>& cells);
/** The head of a table: its row, and the line below. */
std::string table_head(const std::vector<std::string>& titles);

}  // namespace jarvis::markdown
