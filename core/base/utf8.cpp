#include "core/base/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace jarvis {

namespace {

/** The length of the well-formed sequence at `at`; 0 when there is none. Surrogates, overlong forms
 * and numbers above U+10FFFF are not well formed. */
std::size_t sequence_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2   ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return length;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  if (all < 0x80) return std::string(text);
  std::string valid;
  valid.reserve(text.size());
  std::size_t good_from = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_at(text, at);
    if (length == 0) {
      valid.append(text, good_from, at - good_from).append("\xEF\xBF\xBD");
      good_from = at + 1;
    }
    at += std::max<std::size_t>(length, 1);
  }
  return valid.append(text, good_from);
}

}  // namespace jarvis
