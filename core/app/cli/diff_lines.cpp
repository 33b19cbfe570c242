#include "core/app/cli/diff_lines.hpp"

#include <cstdio>

namespace jarvis {

namespace {

/** How many lines a side of "@@ -10,7 +10,8 @@" has: one where no count stands. */
long count_in(const std::string& line, char side) {
  const std::size_t at = line.find(side);
  if (at == std::string::npos) return 0;
  long start = 0, count = 1;
  return std::sscanf(line.c_str() + at + 1, "%ld,%ld", &start, &count) >= 1 ? count : 0;
}

}  // namespace

DiffLines::Kind DiffLines::kind_of(const std::string& line) {
  const char first = line.empty() ? ' ' : line[0];
  if (first == '\\') return Kind::context;
  if (before_ <= 0 && after_ <= 0) {
    if (line.rfind("@@ ", 0) != 0) return Kind::header;
    before_ = count_in(line, '-');
    after_ = count_in(line, '+');
    return Kind::hunk;
  }
  if (first != '+') --before_;
  if (first != '-') --after_;
  return first == '+' ? Kind::added : first == '-' ? Kind::removed : Kind::context;
}

}  // namespace jarvis
