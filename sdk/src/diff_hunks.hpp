#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::text {

/** One line of a hunk; `text` has neither the sign nor the line end. */
struct DiffLine {
  char sign = ' ';  ///< ' ', '-' or '+'
  std::string text;
  bool without_newline = false;  ///< "\ No newline at end of file" follows it
};

struct Hunk {
  std::string name;                      ///< "hunk 2 (@@ -3,4 +3,5 @@)", for messages
  std::optional<std::size_t> old_start;  ///< as the header says: 1-based; 0 for an empty old side
  std::vector<DiffLine> lines;
};

/** Reads a unified diff of one file. Throws JARVIS_REFUSED for anything that is no such diff. */
std::vector<Hunk> read_hunks(const std::string& diff);

/** A line of a diff as a message shows it: cut short, control characters as '?'. */
std::string shown(const std::string& line);

}  // namespace jarvis::text
