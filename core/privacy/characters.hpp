#pragma once

#include <cstddef>
#include <string_view>

namespace jarvis {

// ASCII alone, whatever the locale.
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_letter(char c) {
  return is_lower(c) || is_upper(c);
}
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char to_lower(char c) {
  return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c;
}
constexpr bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/** Whether what ends at `at` is an escape ("\n", "%3D", "\u0022"), whose letters belong to no word.
 */
constexpr bool ends_escape(std::string_view text, std::size_t at) {
  if (at >= 2 && text[at - 2] == '\\' && is_one_of(text[at - 1], "nrtbf")) return true;
  if (at >= 3 && text[at - 3] == '%' && is_hex(text[at - 2]) && is_hex(text[at - 1])) return true;
  return at >= 6 && text[at - 6] == '\\' && text[at - 5] == 'u' && is_hex(text[at - 1]);
}

constexpr bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  const char before = text[at - 1];
  return !(is_letter(before) || is_digit(before) || before == '_') || ends_escape(text, at);
}

/** Neither the rest of a longer number, nor of a version, a path or a price. */
constexpr bool begins_number(std::string_view text, std::size_t at) {
  if (!is_digit(text[at]) && (at + 1 == text.size() || !is_digit(text[at + 1]))) return false;
  if (at == 0) return true;
  return begins_word(text, at) && !is_one_of(text[at - 1], ".-/#$+");
}

/** A digit behind two letters that begin a word. */
constexpr bool follows_country(std::string_view text, std::size_t at) {
  return is_digit(text[at]) && at >= 2 && is_letter(text[at - 1]) && is_letter(text[at - 2]) &&
         begins_word(text, at - 2);
}

}  // namespace jarvis
