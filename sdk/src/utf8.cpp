#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <jarvis/text/utf8.hpp>

namespace jarvis::text {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
}

struct Lead {
  std::size_t length;
  char32_t bits;
  char32_t smallest;
};

std::optional<Lead> lead_of(unsigned char byte) {
  if (byte < 0x80u) return Lead{1, byte, 0};
  if (byte >= 0xC2u && byte <= 0xDFu) return Lead{2, byte & 0x1Fu, 0x80};
  if (byte >= 0xE0u && byte <= 0xEFu) return Lead{3, byte & 0x0Fu, 0x800};
  if (byte >= 0xF0u && byte <= 0xF4u) return Lead{4, byte & 0x07u, 0x10000};
  return std::nullopt;
}

}  // namespace

std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
  if (at >= text.size()) return std::nullopt;
  const std::optional<Lead> lead = lead_of(static_cast<unsigned char>(text[at]));
  if (!lead || text.size() - at < lead->length) return std::nullopt;
  char32_t code_point = lead->bits;
  for (std::size_t i = 1; i < lead->length; ++i) {
    if (!is_continuation(text[at + i])) return std::nullopt;
    code_point = code_point << 6u | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < lead->smallest || code_point > 0x10FFFF || surrogate) return std::nullopt;
  at += lead->length;
  return code_point;
}

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (next_code_point(text, at)) {
  }
  return at == text.size();
}

void append_utf8(std::string& text, char32_t code_point) {
  const auto put = [&](char32_t bits) { text += static_cast<char>(bits); };
  const auto tail = [&](unsigned shift) { put(0x80u | ((code_point >> shift) & 0x3Fu)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0u | code_point >> 6u);
    tail(0);
  } else if (code_point < 0x10000) {
    put(0xE0u | code_point >> 12u);
    tail(6);
    tail(0);
  } else {
    put(0xF0u | code_point >> 18u);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string code_point_name(char32_t code_point) {
  char name[16];
  std::snprintf(name, sizeof(name), "U+%04X", static_cast<unsigned>(code_point));
  return name;
}

std::string place_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto columns = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start),
                                     before.end(), [](char c) { return !is_continuation(c); });
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(columns + 1);
}

}  // namespace jarvis::text
