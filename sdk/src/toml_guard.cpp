#include "toml_guard.hpp"

#include <algorithm>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/utf8.hpp>

#include "toml_string.hpp"

namespace jarvis::text {

namespace {

constexpr std::size_t kLargestText = std::size_t{16} << 20;
constexpr int kDeepestBrackets = 48;
constexpr int kMostDots = 48;

bool begins_with_byte_order_mark(const std::string& text) {
  return text.compare(0, 3, "\xEF\xBB\xBF") == 0;
}

std::size_t first_bad_byte(const std::string& text) {
  std::size_t at = 0;
  while (next_code_point(text, at)) {
  }
  return at;
}

/** Counts open brackets and the dots of one key, outside strings and comments. */
class Nesting {
 public:
  /** False when `c` goes too deep. */
  bool take(char c) {
    if (c == '[' || c == '{') ++brackets_;
    // A line without its closing bracket is an error that the parser reports; it must not count
    // here.
    if ((c == ']' || c == '}') && brackets_ > 0) --brackets_;
    if (c == '.') ++dots_;
    if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) dots_ = 0;
    return brackets_ <= kDeepestBrackets && dots_ <= kMostDots;
  }

 private:
  int brackets_ = 0;
  int dots_ = 0;
};

}  // namespace

void throw_at(const std::string& text, std::size_t at, const std::string& name,
              const std::string& what) {
  const std::string before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto column =
      1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_start), before.end(),
                        [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; });
  throw sdk::invalid(name + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " +
                     what);
}

void guard_toml(const std::string& text, const std::string& name) {
  if (text.size() > kLargestText)
    throw sdk::invalid(name + ": is too large: " + std::to_string(text.size()) +
                       " bytes, at most " + std::to_string(kLargestText));
  if (const std::size_t bad = first_bad_byte(text); bad != text.size())
    throw_at(text, bad, name, "bytes that are not UTF-8");
  Nesting nesting;
  for (std::size_t at = begins_with_byte_order_mark(text) ? 3 : 0; at < text.size();) {
    const char c = text[at];
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (c == '"' || c == '\'') {
      at = std::min(end_of_string(text, at), text.size());
    } else if (static_cast<unsigned char>(c) >= 0x80u) {
      std::size_t end = at;
      throw_at(text, at, name,
               "unexpected character " + code_point_name(*next_code_point(text, end)) +
                   " outside a string");
    } else if (!nesting.take(c)) {
      throw_at(text, at, name, "nested too deeply");
    } else {
      ++at;
    }
  }
}

}  // namespace jarvis::text
