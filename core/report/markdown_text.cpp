#include "core/report/markdown_text.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/base/visible_text.hpp"

namespace jarvis::markdown {

namespace {

constexpr std::string_view kMarkup = "\\`*_{}[]<>()#|~&$!^";

std::size_t longest_run_of_backticks(const std::string& text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  return longest;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/** "+", "-", "=", "12." and "12)" at the beginning of a line make lists and headings. */
std::size_t place_of_line_mark(const std::string& text) {
  std::size_t at = text.find_first_not_of(' ');
  if (at == std::string::npos) return at;
  if (text[at] == '+' || text[at] == '-' || text[at] == '=') return at;
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  const bool numbers = at > begin && at < text.size() && (text[at] == '.' || text[at] == ')');
  return numbers ? at : std::string::npos;
}

/** "a_b" is a word; "_a_" is markup. */
bool is_within_word(const std::string& text, std::size_t at) {
  const auto is_letter = [&](std::size_t i) {
    return i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])) != 0;
  };
  return text[at] == '_' && at > 0 && is_letter(at - 1) && is_letter(at + 1);
}

bool begins_www(const std::string& text, std::size_t dot) {
  if (dot < 3) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) - 3,
                     text.begin() + static_cast<std::ptrdiff_t>(dot),
                     [](char c) { return c == 'w' || c == 'W'; });
}

}  // namespace

std::string plain(const std::string& given) {
  const std::string text = visible(given);
  const std::size_t mark = place_of_line_mark(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '@') {
      // GitHub looks for names after the escapes are gone.
      out += "@<!-- -->";
      continue;
    }
    const bool is_address =
        (c == ':' && text.compare(i, 3, "://") == 0) || (c == '.' && begins_www(text, i));
    const bool is_markup = kMarkup.find(c) != std::string_view::npos && !is_within_word(text, i);
    if (i == mark || is_address || is_markup) out += '\\';
    out += c;
  }
  return out;
}

std::string code(const std::string& given) {
  const std::string text = visible(given);
  if (text.empty()) return {};
  const std::string ticks(longest_run_of_backticks(text) + 1, '`');
  const bool needs_room = text.front() == '`' || text.back() == '`' || text.front() == ' ';
  const std::string room = needs_room ? " " : "";
  return ticks + room + text + room + ticks;
}

std::string fenced(const std::string& given, const std::string& language) {
  const std::string text = visible(given, true);
  const std::string fence(std::max<std::size_t>(3, longest_run_of_backticks(text) + 1), '`');
  const bool has_end = !text.empty() && text.back() == '\n';
  return fence + language + "\n" + text + (has_end ? "" : "\n") + fence + "\n";
}

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& cell : cells) text += " " + cell + " |";
  return text + "\n";
}

std::string table_head(const std::vector<std::string>& titles) {
  std::string text = row(titles) + "|";
  for (std::size_t i = 0; i < titles.size(); ++i) text += " --- |";
  return text + "\n";
}

}  // namespace jarvis::markdown
