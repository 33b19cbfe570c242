#include "tests/cases/expectation.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

namespace jarvis::testing {

namespace {

constexpr const char* kAny = "…";

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

bool word_matches(const std::string& pattern, const std::string& word) {
  const std::size_t gap = pattern.find(kAny);
  if (gap == std::string::npos) return pattern == word;
  const std::string rest = pattern.substr(gap + std::string(kAny).size());
  if (word.compare(0, gap, pattern, 0, gap) != 0) return false;
  for (std::size_t at = gap; at <= word.size(); ++at)
    if (word_matches(rest, word.substr(at))) return true;
  return false;
}

/** As file names are matched: on a failure the newest "…" takes one word more. */
bool words_match(const std::vector<std::string>& pattern, const std::vector<std::string>& words) {
  std::size_t p = 0, w = 0, any = pattern.size(), resume = 0;
  while (w < words.size()) {
    if (p < pattern.size() && pattern[p] == kAny) {
      any = p++;
      resume = w;
    } else if (p < pattern.size() && word_matches(pattern[p], words[w])) {
      ++p;
      ++w;
    } else if (any < pattern.size()) {
      p = any + 1;
      w = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == kAny) ++p;
  return p == pattern.size();
}

}  // namespace

bool matches(const std::string& expected, const std::string& actual) {
  return words_match(words_in(expected), words_in(actual));
}

std::string control_character(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && text[i] != '\n') || byte == 0x7F) return std::to_string(byte);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == 0xC2 && next < 0xA0) return std::to_string(next);
  }
  for (const char* hidden : {"\u200b", "\u202e", "\u2066", "\ufeff"})
    if (text.find(hidden) != std::string::npos) return "hidden character";
  return {};
}

std::string wide_line(const std::string& text, std::size_t columns) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto characters = std::count_if(line.begin(), line.end(), [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    if (static_cast<std::size_t>(characters) > columns) return line;
  }
  return {};
}

}  // namespace jarvis::testing
