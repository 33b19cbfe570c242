#include "core/home/traces/search_words.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "core/base/utf8.hpp"

namespace jarvis {

std::vector<std::string> searchable_words(const std::string& text) {
  std::string clean = valid_utf8(text);
  std::replace(clean.begin(), clean.end(), '\0', ' ');
  std::istringstream stream(clean);
  std::vector<std::string> words;
  for (std::string word; stream >> word;)
    if (std::any_of(word.begin(), word.end(),
                    [](unsigned char c) { return c > 127 || std::isalnum(c); }))
      words.push_back(word);
  return words;
}

std::string match_expression(const std::vector<std::string>& words) {
  std::string expression;
  for (const std::string& word : words) {
    expression += expression.empty() ? "\"" : " \"";
    for (const char c : word) expression += c == '"' ? "\"\"" : std::string(1, c);
    expression += '"';
  }
  return expression;
}

}  // namespace jarvis
