#include "core/app/cli/text_layout.hpp"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <sstream>

namespace jarvis {

namespace {

constexpr std::size_t kTab = 8;
constexpr std::size_t kWidestLabel = 16;

/** The calling thread's characters are UTF-8 while it lives, whatever the environment says. */
class Utf8Characters {
 public:
  Utf8Characters() : before_(locale() ? ::uselocale(locale()) : locale_t()) {}
  ~Utf8Characters() {
    if (before_) ::uselocale(before_);
  }
  Utf8Characters(const Utf8Characters&) = delete;
  Utf8Characters& operator=(const Utf8Characters&) = delete;

 private:
  static locale_t locale() {
    static const locale_t made = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t());
    return made;
  }

  locale_t before_;
};

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

Character character_at(const std::string& text, std::size_t at) {
  if (text[at] == '\t') return {1, kTab};
  wchar_t code = 0;
  mbstate_t state{};
  const std::size_t bytes = ::mbrtowc(&code, text.data() + at, text.size() - at, &state);
  if (bytes == 0 || bytes > text.size() - at) return {};
  const int columns = ::wcwidth(code);
  return {bytes, columns < 0 ? 1 : static_cast<std::size_t>(columns)};
}

}  // namespace

std::size_t columns_of(const std::string& text) {
  const Utf8Characters characters;
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    columns += next.columns;
    at += next.bytes;
  }
  return columns;
}

std::vector<std::string> pieces_of(const std::string& text, std::size_t columns) {
  const Utf8Characters characters;
  std::vector<std::string> pieces(1);
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    if (used + next.columns > columns && !pieces.back().empty()) {
      pieces.emplace_back();
      used = 0;
    }
    pieces.back().append(text, at, next.bytes);
    used += next.columns;
    at += next.bytes;
  }
  return pieces;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t columns, bool cut_words) {
  std::vector<std::string> lines(1);
  std::size_t used = 0;
  const auto add = [&](const std::string& word) {
    const std::size_t wide = columns_of(word);
    if (used > 0 && used + 1 + wide > columns) {
      lines.emplace_back();
      used = 0;
    }
    lines.back() += (used > 0 ? " " : "") + word;
    used += (used > 0 ? 1 : 0) + wide;
  };
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!cut_words) {
      add(word);
      continue;
    }
    for (const std::string& piece : pieces_of(word, columns)) add(piece);
  }
  return lines;
}

std::size_t widest_word(const std::string& text) {
  std::istringstream words(text);
  std::size_t widest = 0;
  for (std::string word; words >> word;) widest = std::max(widest, columns_of(word));
  return widest;
}

std::size_t hanging_indent(const std::string& line) {
  const std::size_t start = line.find_first_not_of(' ');
  if (start == std::string::npos) return 0;
  const std::size_t gap = line.find("  ", start);
  if (gap == std::string::npos || gap > kWidestLabel) return start;
  const std::size_t value = line.find_first_not_of(' ', gap);
  return value == std::string::npos ? start : value;
}

}  // namespace jarvis
