#include <algorithm>
#include <optional>

#include "toml_edit.hpp"
#include "toml_string.hpp"

namespace jarvis::text {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/** The array at `path` in `layout`. */
const TomlValue& array_at(const TomlLayout& layout, const TomlPath& path) {
  const FoundEntry found = find_entry(layout, path);
  if (!found.entry || found.entry->value.kind != TomlValue::Kind::array)
    throw sdk::refused("'" + dotted(path) + "' is not an array that can be edited");
  return found.entry->value;
}

/** The first comma in [begin, end), comments left out; the bytes there hold no values. */
std::optional<std::size_t> comma_between(const std::string& text, std::size_t begin,
                                         std::size_t end) {
  for (std::size_t at = begin; at < end; ++at) {
    if (text[at] == ',') return at;
    if (text[at] == '#') at = end_of_line(text, at) - 1;
  }
  return std::nullopt;
}

/** Whether `between` is one comma and blanks. */
bool is_plain_comma(const std::string& text, Span between) {
  std::size_t commas = 0;
  for (std::size_t at = between.begin; at < between.end; ++at) {
    if (text[at] != ',' && !is_blank(text[at])) return false;
    if (text[at] == ',') ++commas;
  }
  return commas == 1;
}

bool begins_its_line(const std::string& text, std::size_t at) {
  const std::size_t begin = start_of_line(text, at);
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin),
                     text.begin() + static_cast<std::ptrdiff_t>(at), is_blank);
}

/** The end of the visible part of the line of `at`: before its line end. */
std::size_t end_of_content(const std::string& text, std::size_t at) {
  std::size_t end = std::min(text.find('\n', at), text.size());
  if (end > at && text[end - 1] == '\r') --end;
  return end;
}

std::vector<Replacement> behind_last_line(const std::string& text, const TomlValue& array,
                                          std::optional<std::size_t> comma,
                                          const std::string& item) {
  const Span last = array.items.back().span;
  std::vector<Replacement> edits;
  if (!comma) edits.push_back({{last.end, last.end}, ","});
  const std::size_t at = end_of_content(text, comma.value_or(last.end));
  edits.push_back(
      {{at, at}, line_ending(text) + indentation(text, last.begin) + item + (comma ? "," : "")});
  return edits;
}

/** The item with the blanks that part it from what follows; its whole line where nothing else is on
 * it. */
Span item_with_line(const std::string& text, Span item) {
  std::size_t end = item.end;
  while (end < text.size() && is_blank(text[end])) ++end;
  const bool ends_line =
      end < text.size() && (text[end] == '\n' || text[end] == '\r' || text[end] == '#');
  if (ends_line && begins_its_line(text, item.begin))
    return {start_of_line(text, item.begin), end_of_line(text, end)};
  return ends_line ? item : Span{item.begin, end};
}

}  // namespace

std::vector<Replacement> appending(const std::string& text, const TomlPath& path,
                                   const json::value& item) {
  const TomlLayout layout = scan_toml(text);
  const TomlValue& array = array_at(layout, path);
  const std::string written = written_value(item);
  if (array.items.empty()) {
    const std::size_t close = array.span.end - 1;
    const std::size_t at = begins_its_line(text, close) ? start_of_line(text, close) : close;
    const bool own_line = at != close || start_of_line(text, close) > array.span.begin;
    if (!own_line) return {{{at, at}, written}};
    return {
        {{at, at}, indentation(text, array.span.begin) + "  " + written + "," + line_ending(text)}};
  }
  const Span last = array.items.back().span;
  const std::size_t close = array.span.end - 1;
  const std::optional<std::size_t> comma = comma_between(text, last.end, close);
  const std::size_t content = comma.value_or(last.end);
  const bool one_a_line =
      begins_its_line(text, last.begin) && end_of_content(text, content) < close;
  if (one_a_line) return behind_last_line(text, array, comma, written);
  return {{{last.end, last.end}, ", " + written}};
}

std::vector<Replacement> removing_item(const std::string& text, const TomlPath& path,
                                       std::size_t index) {
  const TomlLayout layout = scan_toml(text);
  const TomlValue& array = array_at(layout, path);
  if (index >= array.items.size())
    throw sdk::refused("'" + dotted(path) + "' is not an array that can be edited");
  const Span item = array.items[index].span;
  const bool is_last = index + 1 == array.items.size();
  // The comma in front goes, so that a trailing one stays: what `appending` put there, and no more.
  if (is_last && index > 0 && is_plain_comma(text, {array.items[index - 1].span.end, item.begin}))
    return {{{array.items[index - 1].span.end, item.end}, ""}};
  const std::size_t next = is_last ? array.span.end - 1 : array.items[index + 1].span.begin;
  if (const auto comma = comma_between(text, item.end, next)) {
    const bool together = text.find_first_not_of(" \t", item.end) == *comma;
    if (together) return {{item_with_line(text, {item.begin, *comma + 1}), ""}};
    return {{item_with_line(text, item), ""}, {{*comma, *comma + 1}, ""}};
  }
  if (index == 0) return {{item_with_line(text, item), ""}};
  const Span before = array.items[index - 1].span;
  const std::size_t comma = comma_between(text, before.end, item.begin).value();
  if (text.find_first_not_of(" \t", comma + 1) == item.begin) return {{{comma, item.end}, ""}};
  return {{{comma, comma + 1}, ""}, {item_with_line(text, item), ""}};
}

}  // namespace jarvis::text
