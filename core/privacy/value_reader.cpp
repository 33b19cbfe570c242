#include "core/privacy/value_reader.hpp"

#include <algorithm>
#include <array>

#include "core/privacy/characters.hpp"

namespace jarvis {

namespace {

using ByteSet = std::array<bool, 256>;

constexpr ByteSet set_of(std::string_view bytes) {
  ByteSet set{};
  for (const char byte : bytes) set[static_cast<unsigned char>(byte)] = true;
  return set;
}

constexpr std::string_view kQuotes = "\"'`";
constexpr std::string_view kBehindWord = ",;.:)}]*|!?";
constexpr ByteSet kEndsWord = set_of(" \t\r\n\f\v\"'`<>\\");
constexpr ByteSet kEndsQueryWord = set_of(" \t\r\n\f\v\"'`<>\\&#");
constexpr ByteSet kEndsUserinfo = set_of(" \t\r\n\f\v\"'<>\\/");
constexpr std::size_t kMostEscapes = 7;
constexpr std::size_t kLongestValue = 8192;

/** The next byte of the set, or the end of the text; `at` when that is too far for a value. */
std::size_t end_of(std::string_view text, std::size_t at, const ByteSet& ends) {
  const std::size_t last = std::min(text.size(), at + kLongestValue);
  std::size_t end = at;
  while (end < last && !ends[static_cast<unsigned char>(text[end])]) ++end;
  return end == at + kLongestValue ? at : end;
}

/** A quote inside of an escaped text is escaped deeper: the first backslash ends the value. */
TextSpan quoted_at(std::string_view text, std::size_t at, char quote, bool escaped) {
  const std::size_t last = std::min(text.size(), at + kLongestValue);
  std::size_t end = at;
  while (end < last && text[end] != quote && text[end] != '\n' && text[end] != '\r') {
    if (text[end] == '\\' && escaped) break;
    end += text[end] == '\\' && end + 1 < last ? 2 : 1;
  }
  return end >= at + kLongestValue ? TextSpan{at, at} : TextSpan{at, end};
}

/** Whether a line break stands before `at` that does not belong to the value: a block ("|", ">")
 * and a continued line ("\\") go on with it. */
bool begins_next_line(std::string_view text, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && is_one_of(text[before - 1], " \t\r\n")) --before;
  const bool breaks = text.substr(before, at - before).find('\n') != std::string_view::npos;
  return breaks && (before == 0 || !is_one_of(text[before - 1], "|>-\\"));
}

bool is_in_query(std::string_view text, std::size_t key) {
  while (key > 0 &&
         (is_letter(text[key - 1]) || is_digit(text[key - 1]) || is_one_of(text[key - 1], "_-")))
    --key;
  return key > 0 && is_one_of(text[key - 1], "?&");
}

}  // namespace

TextSpan word_at(std::string_view text, std::size_t at, std::size_t key) {
  // r"…", b'…' and the like.
  if (at + 1 < text.size() && is_one_of(text[at], "bBrRuUfFL") && is_one_of(text[at + 1], kQuotes))
    ++at;
  std::size_t begin = at;
  while (begin < text.size() && begin - at < kMostEscapes && text[begin] == '\\') ++begin;
  if (begin < text.size() && is_one_of(text[begin], kQuotes))
    return quoted_at(text, begin + 1, text[begin], begin > at);
  if (begins_next_line(text, at)) return {at, at};
  std::size_t end = end_of(text, at, is_in_query(text, key) ? kEndsQueryWord : kEndsWord);
  while (end > at && is_one_of(text[end - 1], kBehindWord)) --end;
  return {at, end};
}

TextSpan userinfo_at(std::string_view text, std::size_t at) {
  const std::size_t end = end_of(text, at, kEndsUserinfo);
  const std::size_t sign = text.substr(at, end - at).rfind('@');
  if (sign == std::string_view::npos) return {at, at};
  return {at, at + sign};
}

}  // namespace jarvis
