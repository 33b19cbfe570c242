#include "core/base/visible_text.hpp"

#include <cstdio>

namespace jarvis {

namespace {

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

}  // namespace jarvis
