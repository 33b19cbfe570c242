#include "style_block.hpp"

#include <jarvis/sdk/failure.hpp>
#include <optional>

namespace style_block {

namespace {

namespace sdk = jarvis::sdk;

/** The bytes from the first of the begin line to the last of the end line, its line end included.
 */
struct Span {
  std::size_t begin;
  std::size_t end;
};

sdk::Failure damaged(const std::string& what) {
  return sdk::refused("the markers of the response style are damaged: " + what,
                      "mend the prompt by hand: one line '" + std::string(kBegin) +
                          "', the style, one line '" + std::string(kEnd) + "', or none of them");
}

/** Where the line begins that is `marker` and nothing else; nothing when the text has no marker. */
std::optional<std::size_t> marker_line(const std::string& prompt, std::string_view marker) {
  const std::size_t at = prompt.find(marker);
  if (at == std::string::npos) return std::nullopt;
  const std::string name = "'" + std::string(marker) + "'";
  if (prompt.find(marker, at + 1) != std::string::npos) throw damaged(name + " stands there twice");
  const std::string_view rest = std::string_view(prompt).substr(at + marker.size());
  const bool begins_line = at == 0 || prompt[at - 1] == '\n';
  const bool ends_line = rest.empty() || rest[0] == '\n' || rest.substr(0, 2) == "\r\n";
  if (!begins_line || !ends_line) throw damaged(name + " shares its line with other text");
  return at;
}

std::optional<Span> find_block(const std::string& prompt) {
  const auto begin = marker_line(prompt, kBegin);
  const auto end = marker_line(prompt, kEnd);
  if (!begin && !end) return std::nullopt;
  if (!end) throw damaged("a begin without an end");
  if (!begin) throw damaged("an end without a begin");
  if (*end < *begin) throw damaged("the end stands before the begin");
  const std::size_t line_end = prompt.find('\n', *end);
  return Span{*begin, line_end == std::string::npos ? prompt.size() : line_end + 1};
}

std::string line_end_of(const std::string& prompt) {
  const std::size_t at = prompt.find('\n');
  return at != std::string::npos && at > 0 && prompt[at - 1] == '\r' ? "\r\n" : "\n";
}

void remove_line_end(std::string& text, const std::string& line_end) {
  if (text.size() >= line_end.size() &&
      text.compare(text.size() - line_end.size(), line_end.size(), line_end) == 0)
    text.resize(text.size() - line_end.size());
  else if (!text.empty())
    text.pop_back();
}

/** The three parts as lines; the last one without its line end. */
std::string block_of(const std::string& style, const std::string& line_end) {
  std::string block = std::string(kBegin) + line_end;
  for (const char c : style) {
    if (c == '\n')
      block += line_end;
    else if (c != '\r')
      block += c;
  }
  return block + line_end + std::string(kEnd);
}

}  // namespace

std::string with_style(const std::string& prompt, const std::string& style) {
  const std::string line_end = line_end_of(prompt);
  const bool ends_open = !prompt.empty() && prompt.back() != '\n';
  const auto block = find_block(prompt);
  if (!block) {
    if (style.empty()) return prompt;
    // A prompt without a final newline stays without one, so that removing restores every byte.
    if (ends_open) return prompt + line_end + block_of(style, line_end);
    return prompt + block_of(style, line_end) + line_end;
  }
  std::string before = prompt.substr(0, block->begin);
  const std::string after = prompt.substr(block->end);
  const bool is_open = ends_open && after.empty();
  if (!style.empty()) return before + block_of(style, line_end) + (is_open ? "" : line_end) + after;
  if (is_open) remove_line_end(before, line_end);
  return before + after;
}

std::string require_style(const std::string& style) {
  constexpr const char* kBlank = " \t\r\n";
  const std::size_t first = style.find_first_not_of(kBlank);
  if (first == std::string::npos) return {};
  const std::string text = style.substr(first, style.find_last_not_of(kBlank) - first + 1);
  if (text.size() > kLongestStyle)
    throw sdk::invalid("field 'payload.style' is too long: " + std::to_string(text.size()) +
                           " bytes, at most " + std::to_string(kLongestStyle),
                       "say it in fewer words");
  for (const std::string_view marker : {kBegin, kEnd})
    if (text.find(marker) != std::string::npos)
      throw sdk::invalid("field 'payload.style' holds the marker '" + std::string(marker) + "'",
                         "leave it out: the applier writes the markers");
  for (const char* empty_line : {"\n\n", "\n\r\n"})
    if (text.find(empty_line) != std::string::npos)
      throw sdk::invalid("field 'payload.style' has an empty line",
                         "write the style as one paragraph");
  return text;
}

}  // namespace style_block
