#include <algorithm>

#include "toml_edit.hpp"

namespace jarvis::text {

std::string replaced(const std::string& text, const std::vector<Replacement>& replacements) {
  std::vector<Replacement> ordered = replacements;
  std::stable_sort(ordered.begin(), ordered.end(), [](const Replacement& a, const Replacement& b) {
    return a.span.begin < b.span.begin;
  });
  std::string result;
  std::size_t at = 0;
  for (const Replacement& replacement : ordered) {
    result.append(text, at, replacement.span.begin - at);
    result += replacement.text;
    at = replacement.span.end;
  }
  return result.append(text, at, std::string::npos);
}

std::size_t end_of_line(const std::string& text, std::size_t at) {
  const std::size_t newline = text.find('\n', at);
  return newline == std::string::npos ? text.size() : newline + 1;
}

std::size_t start_of_line(const std::string& text, std::size_t at) {
  return at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
}

std::string indentation(const std::string& text, std::size_t at) {
  const std::size_t begin = start_of_line(text, at);
  const std::size_t end = std::min(text.find_first_not_of(" \t", begin), text.size());
  return text.substr(begin, end - begin);
}

std::string line_ending(const std::string& text) {
  const std::size_t newline = text.find('\n');
  return newline != std::string::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
}

}  // namespace jarvis::text
