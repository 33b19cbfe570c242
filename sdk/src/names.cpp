#include <algorithm>
#include <array>
#include <jarvis/text/names.hpp>
#include <jarvis/text/utf8.hpp>

namespace jarvis::text {

namespace {

constexpr std::size_t kLongestName = 64;

bool may_begin_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

struct Range {
  char32_t first;
  char32_t last;
};

// Characters that show nothing, or that change how others are shown.
constexpr std::array<Range, 19> kHidden{{
    {0x0000, 0x0008},                                          // NUL and other C0 controls
    {0x000B, 0x000C},   {0x000E, 0x001F},                      // ESC among them
    {0x007F, 0x009F},                                          // DEL, C1 controls
    {0x00AD, 0x00AD},                                          // soft hyphen
    {0x034F, 0x034F},                                          // combining grapheme joiner
    {0x061C, 0x061C},                                          // Arabic letter mark
    {0x115F, 0x1160},                                          // Hangul fillers
    {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},  // zero width, directional marks
    {0x2028, 0x202E},  // separators, bidirectional embeddings and overrides
    {0x2060, 0x206F},  // word joiner, isolates
    {0x3164, 0x3164},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},  // tags, supplementary variation selectors
}};

bool is_hidden(char32_t c) {
  return std::any_of(kHidden.begin(), kHidden.end(),
                     [c](const Range& range) { return c >= range.first && c <= range.last; });
}

bool is_variation_selector(char32_t c) {
  return c >= 0xFE00 && c <= 0xFE0F;
}

bool is_keycap_base(char32_t c) {
  return (c >= U'0' && c <= U'9') || c == U'#' || c == U'*';
}

[[noreturn]] void refuse(std::string_view text, std::size_t at, std::string_view field,
                         const std::string& what) {
  throw sdk::invalid(
      "field '" + std::string(field) + "' holds " + what + " at " + place_of(text, at),
      "remove it: text must show everything that it says");
}

}  // namespace

bool is_valid_name(std::string_view name) {
  if (name.empty() || name.size() > kLongestName || !may_begin_name(name[0])) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return may_begin_name(c) || c == '_' || c == '-'; });
}

std::string require_name(const json::object& payload, std::string_view field) {
  const std::string label = "field 'payload." + std::string(field) + "'";
  const json::value* value = payload.if_contains(json::string_view(field.data(), field.size()));
  if (!value) throw sdk::invalid(label + " is missing");
  if (!value->is_string()) throw sdk::invalid(label + " is not a string");
  std::string name(value->as_string());
  if (!is_valid_name(name))
    throw sdk::invalid(label + " is not a valid name",
                       "use 1 to 64 of a-z, 0-9, '_' and '-', beginning with a letter or digit");
  return name;
}

std::string require_text(const json::object& payload, std::string_view field) {
  const std::string label = "payload." + std::string(field);
  const json::value* value = payload.if_contains(json::string_view(field.data(), field.size()));
  if (!value) throw sdk::invalid("field '" + label + "' is missing");
  if (!value->is_string()) throw sdk::invalid("field '" + label + "' is not a string");
  std::string text(value->as_string());
  require_visible_text(text, label);
  return text;
}

void require_visible_text(std::string_view text, std::string_view field) {
  char32_t previous = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = at;
    const std::optional<char32_t> c = next_code_point(text, at);
    if (!c) refuse(text, begin, field, "bytes that are not UTF-8");
    const bool lone_return = *c == U'\r' && (at == text.size() || text[at] != '\n');
    if (lone_return) refuse(text, begin, field, "a lone carriage return");
    // One selector after a symbol chooses its emoji form; any other use can carry hidden data.
    const bool stray_selector =
        is_variation_selector(*c) &&
        ((previous < 0x80 && !is_keycap_base(previous)) || is_variation_selector(previous));
    if (is_hidden(*c) || stray_selector)
      refuse(text, begin, field, "the hidden character " + code_point_name(*c));
    previous = *c;
  }
}

}  // namespace jarvis::text
