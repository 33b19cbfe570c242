#include "core/app/cli/output.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "core/app/cli/command.hpp"
#include "core/base/json_text.hpp"

namespace jarvis {

namespace {

constexpr char kRed[] = "31";
constexpr char kGreen[] = "32";
constexpr char kCyan[] = "36";
constexpr char kBold[] = "1";

/** The length in bytes of the UTF-8 character at `at`, or 0 when there is no valid one. */
std::size_t character_length(const std::string& text, std::size_t at, char32_t& code) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : (first & 0xF0) == 0xE0        ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || at + length > text.size()) return 0;
  code = length == 1 ? first : first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(at + i) & 0x3Fu);
  }
  return length;
}

bool is_hidden(char32_t code) {
  return (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF || (code >= 0x80 && code < 0xA0) ||
         (code >= 0xE0000 && code <= 0xE007F) || code == 0x2028 || code == 0x2029;
}

std::string escaped(char32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, code < 0x100 ? "\\x%02x" : "\\u{%x}",
                static_cast<unsigned>(code));
  return text;
}

std::size_t columns_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/** Breaks a text at blanks into lines of at most so many columns; a longer word stays whole. */
std::vector<std::string> wrapped(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::size_t used = columns_of(lines.back());
    if (used > 0 && used + 1 + columns_of(word) > columns) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

std::size_t widest_word(const std::string& text) {
  std::istringstream words(text);
  std::size_t widest = 0;
  for (std::string word; words >> word;) widest = std::max(widest, columns_of(word));
  return widest;
}

constexpr std::size_t kNarrowestColumn = 20;
constexpr std::size_t kWidestLabel = 16;

/** Where the lines after the first begin: under the text that follows a label ("  cost       …"),
 * or under the first word. */
std::size_t hanging_indent(const std::string& line) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string::npos) return 0;
  const std::size_t gap = line.find("  ", start);
  if (gap == std::string::npos || gap > kWidestLabel) return start;
  const std::size_t value = line.find_first_not_of(' ', gap);
  return value == std::string::npos ? start : value;
}

}  // namespace

std::string visible(const std::string& text, bool keep_lines) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0;
    const std::size_t length = character_length(text, at, code);
    if (length == 0) {
      out += escaped(static_cast<unsigned char>(text[at]));
      ++at;
      continue;
    }
    const bool spacing = code == '\n' || code == '\t';
    if (spacing)
      out += keep_lines ? static_cast<char>(code) : ' ';
    else if (code < 0x20 || code == 0x7F || is_hidden(code))
      out += escaped(code);
    else
      out.append(text, at, length);
    at += length;
  }
  return out;
}

std::string safe_json(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    char32_t code = 0;
    std::size_t length = character_length(text, at, code);
    if (length == 0) {
      length = 1;
      code = 0;
    }
    char escape[16] = "";
    if (code >= 0x10000 && is_hidden(code))
      std::snprintf(escape, sizeof escape, "\\u%04x\\u%04x",
                    static_cast<unsigned>(0xD7C0 + (code >> 10)),
                    static_cast<unsigned>(0xDC00 + (code & 0x3FF)));
    else if (code == 0x7F || is_hidden(code))
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(code));
    out += *escape ? std::string(escape) : text.substr(at, length);
    at += length;
  }
  return out;
}

json::object error_json(const std::string& code, const std::string& message,
                        const std::string& hint) {
  return {{"code", code}, {"message", message}, {"hint", hint}};
}

std::string points(double delta) {
  char text[32];
  const double rounded = std::round(delta * 1000) / 10;
  std::snprintf(text, sizeof text, "%.1f", std::abs(rounded));
  return (rounded < 0 ? "\u2212" : "+") + std::string(text);
}

std::string dollars(double usd) {
  char text[32];
  std::snprintf(text, sizeof text, usd != 0 && usd < 0.1 ? "$%.4f" : "$%.2f", usd);
  return text;
}

void Output::document(const json::object& document) const {
  if (!form_.json) return;
  const std::string text = safe_json(pretty(document));
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Output::line(const std::string& text) const {
  if (form_.json) return;
  const std::string shown = visible(text);
  const auto width = static_cast<std::size_t>(form_.width);
  if (columns_of(shown) <= width) return verbatim(text);
  const std::size_t indent = hanging_indent(shown);
  std::string out;
  for (const std::string& part :
       wrapped(shown.substr(indent), std::max(width - indent, kNarrowestColumn)))
    out += (out.empty() ? shown.substr(0, indent) : std::string(indent, ' ')) + part + "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
}

void Output::verbatim(const std::string& text) const {
  if (form_.json) return;
  const std::string out = visible(text, true) + "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
}

void Output::heading(const std::string& text) const {
  if (form_.json) return;
  const std::string out = painted(visible(text), kBold) + "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
}

std::string Output::painted(const std::string& text, const char* code) const {
  return form_.color ? std::string("\x1b[") + code + "m" + text + "\x1b[0m" : text;
}

void Output::table(const std::vector<std::string>& header,
                   const std::vector<std::vector<std::string>>& rows) const {
  if (form_.json) return;
  std::vector<std::vector<std::string>> all{header};
  for (const auto& row : rows) {
    all.emplace_back();
    for (const std::string& cell : row) all.back().push_back(visible(cell));
  }
  std::vector<std::size_t> widths(header.size(), 0);
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < header.size(); ++i) {
    for (const auto& row : all) widths[i] = std::max(widths[i], columns_of(row[i]));
    before_last += widths[i] + 2;
  }
  const auto width = static_cast<std::size_t>(form_.width);
  const std::size_t last =
      width > before_last + kNarrowestColumn ? width - before_last : kNarrowestColumn;
  for (std::size_t r = 0; r < all.size(); ++r) {
    std::string start;
    for (std::size_t i = 0; i + 1 < all[r].size(); ++i)
      start += all[r][i] + std::string(widths[i] - columns_of(all[r][i]) + 2, ' ');
    for (const std::string& part : wrapped(all[r].back(), last)) {
      std::string text = start + part;
      while (!text.empty() && text.back() == ' ') text.pop_back();
      const std::string out = (r == 0 ? painted(text, kBold) : text) + "\n";
      std::fwrite(out.data(), 1, out.size(), stdout);
      // A word that is too long for the column may begin further left.
      const std::size_t longest = widest_word(all[r].back());
      start = std::string(longest > last && longest < width ? width - longest : before_last, ' ');
    }
  }
}

void Output::diff(const std::string& text, const std::string& indent) const {
  if (form_.json) return;
  std::istringstream lines(visible(text, true));
  for (std::string row; std::getline(lines, row);) {
    const char* code = row.rfind("@@", 0) == 0  ? kCyan
                       : row.rfind('+', 0) == 0 ? kGreen
                       : row.rfind('-', 0) == 0 ? kRed
                                                : nullptr;
    const std::string out = indent + (code ? painted(row, code) : row) + "\n";
    std::fwrite(out.data(), 1, out.size(), stdout);
  }
}

int Output::error(const Error& error) const {
  if (form_.json) {
    document(
        {{"error", error_json(std::string(to_string(error.kind)), error.message, error.hint)}});
  } else {
    std::string text = "jarvis: " + visible(error.message);
    if (!error.hint.empty()) text += " (" + visible(error.hint) + ")";
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  return exit_status(error.kind);
}

}  // namespace jarvis
