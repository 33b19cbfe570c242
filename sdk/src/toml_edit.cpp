#include "toml_edit.hpp"

#include <algorithm>

#include "toml_string.hpp"

namespace jarvis::text {

namespace {

TomlPath first_keys(const TomlPath& path, std::size_t count) {
  return {path.begin(), path.begin() + static_cast<std::ptrdiff_t>(count)};
}

TomlPath keys_from(const TomlPath& path, std::size_t from) {
  return {path.begin() + static_cast<std::ptrdiff_t>(from), path.end()};
}

std::string assignment(const TomlPath& key, const json::value& value) {
  return dotted(key) + " = " + written_value(value);
}

/** How many of the parents of `path` exist. Refused when one of them is no table. */
std::size_t existing_parents(const json::object& values, const TomlPath& path) {
  const json::object* table = &values;
  for (std::size_t depth = 0; depth + 1 < path.size(); ++depth) {
    const json::value* next = table->if_contains(path[depth]);
    if (!next) return depth;
    if (!next->is_object())
      throw sdk::refused("'" + dotted(first_keys(path, depth + 1)) + "' is not a table");
    table = &next->get_object();
  }
  return path.size() - 1;
}

/** A whole line put behind the line that ends before `at`, which is a line's start or the text's
 * end. */
Replacement line_at(const std::string& text, std::size_t at, const std::string& line) {
  const std::string newline = line_ending(text);
  const bool line_is_open = at > 0 && at == text.size() && text.back() != '\n';
  return {{at, at}, line_is_open ? newline + line : line + newline};
}

Replacement into_inline_table(const TomlValue& table, const std::string& line) {
  if (table.entries.empty()) return {table.span, "{ " + line + " }"};
  const std::size_t end = table.entries.back().span.end;
  return {{end, end}, ", " + line};
}

/** Where the root's first entry goes: behind the file's heading comment, if a blank line closes it.
 */
std::size_t start_of_root(const std::string& text, std::size_t begin) {
  std::size_t at = begin;
  while (at < text.size() && text[at] == '#') at = end_of_line(text, at);
  const bool closed = at > begin && at < text.size() && (text[at] == '\n' || text[at] == '\r');
  return closed ? end_of_line(text, at) : begin;
}

Replacement into_section(const std::string& text, const TomlSection& section,
                         const std::string& line) {
  if (!section.entries.empty()) {
    const Span last = section.entries.back().span;
    return line_at(text, end_of_line(text, last.end), indentation(text, last.begin) + line);
  }
  if (!section.header.empty())
    return line_at(text, end_of_line(text, section.span.end),
                   indentation(text, section.span.begin) + line);
  const std::size_t at = start_of_root(text, section.span.begin);
  const bool parted = at == text.size() || text[at] == '\n' || text[at] == '\r';
  return line_at(text, at, parted ? line : line + line_ending(text));
}

/** The last entry that makes `table` by a dotted key, so that only dotted keys may add to it. */
const TomlEntry* dotted_sibling(const TomlLayout& layout, const TomlPath& table,
                                const TomlSection*& section) {
  const TomlEntry* found = nullptr;
  for (const TomlSection& candidate : layout.sections) {
    if (candidate.header.size() >= table.size() || !begins_with(table, candidate.header)) continue;
    const TomlPath rest = keys_from(table, candidate.header.size());
    for (const TomlEntry& entry : candidate.entries) {
      if (entry.key.size() <= rest.size() || !begins_with(entry.key, rest)) continue;
      found = &entry;
      section = &candidate;
    }
  }
  return found;
}

std::size_t shared_keys(const TomlPath& one, const TomlPath& other) {
  const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  return static_cast<std::size_t>(ends.first - one.begin());
}

/** The section behind which a new one for `table` reads best: the last of its nearest relatives. */
std::size_t nearest_section(const TomlLayout& layout, const TomlPath& table) {
  std::size_t nearest = layout.sections.size() - 1;
  std::size_t most = 0;
  for (std::size_t i = 0; i < layout.sections.size(); ++i) {
    const std::size_t shared = shared_keys(layout.sections[i].header, table);
    if (shared == 0 || shared < most) continue;
    most = shared;
    nearest = i;
  }
  return nearest;
}

bool is_comment(const std::string& text, std::size_t line_start) {
  const std::size_t first = text.find_first_not_of(" \t", line_start);
  return first != std::string::npos && text[first] == '#';
}

/** The end of what belongs to section `index`: comments right above the next header are that
 * header's. */
std::size_t end_of_section(const std::string& text, const TomlLayout& layout, std::size_t index) {
  const TomlSection& section = layout.sections[index];
  const std::size_t body =
      section.entries.empty() ? section.span.end : section.entries.back().span.end;
  std::size_t end = text.size();
  if (index + 1 < layout.sections.size()) {
    end = start_of_line(text, layout.sections[index + 1].span.begin);
    while (end > body && is_comment(text, start_of_line(text, end - 1)) &&
           start_of_line(text, end - 1) > body)
      end = start_of_line(text, end - 1);
  }
  while (end > body) {
    const std::size_t last = text.find_last_not_of(" \t\r\n", end - 1);
    if (last == std::string::npos || last < body) return std::min(end_of_line(text, body), end);
    return std::min(end_of_line(text, last), end);
  }
  return end;
}

Replacement new_section(const std::string& text, const TomlLayout& layout, const TomlPath& table,
                        const std::string& line) {
  const std::size_t at = end_of_section(text, layout, nearest_section(layout, table));
  const std::string newline = line_ending(text);
  const bool at_start = at == layout.sections[0].span.begin;
  const bool line_is_open = at > 0 && text[at - 1] != '\n';
  std::string block = "[" + dotted(table) + "]" + newline + line;
  if (!at_start) block = (line_is_open ? newline + newline : newline) + block;
  if (at_start || !line_is_open) block += newline;
  const bool parted = at == text.size() || text[at] == '\n' || text[at] == '\r';
  return {{at, at}, parted ? block : block + newline};
}

Replacement adding(const std::string& text, const TomlLayout& layout, std::size_t existing,
                   const TomlPath& path, const json::value& value) {
  for (std::size_t depth = existing; depth > 0; --depth) {
    const FoundEntry found = find_entry(layout, first_keys(path, depth));
    if (found.entry && found.entry->value.kind == TomlValue::Kind::inline_table)
      return into_inline_table(found.entry->value, assignment(keys_from(path, depth), value));
  }
  const TomlPath table = first_keys(path, path.size() - 1);
  for (const TomlSection& section : layout.sections)
    if (section.header == table && !section.is_array)
      return into_section(text, section, assignment({path.back()}, value));
  const TomlSection* section = nullptr;
  if (const TomlEntry* sibling = dotted_sibling(layout, first_keys(path, existing), section)) {
    const TomlPath key = keys_from(path, section->header.size());
    return line_at(text, end_of_line(text, sibling->span.end),
                   indentation(text, sibling->span.begin) + assignment(key, value));
  }
  return new_section(text, layout, table, assignment({path.back()}, value));
}

Replacement without_inline(const FoundEntry& found) {
  const std::vector<TomlEntry>& entries = found.inline_table->entries;
  const auto index = static_cast<std::size_t>(found.entry - entries.data());
  if (entries.size() == 1) return {found.inline_table->span, "{}"};
  if (index + 1 < entries.size())
    return {{found.entry->span.begin, entries[index + 1].span.begin}, ""};
  return {{entries[index - 1].span.end, found.entry->span.end}, ""};
}

}  // namespace

std::vector<Replacement> setting(const std::string& text, const json::object& values,
                                 const TomlPath& path, const json::value& value) {
  const std::size_t existing = existing_parents(values, path);
  const TomlLayout layout = scan_toml(text);
  if (const FoundEntry found = find_entry(layout, path); found.entry)
    return {{found.entry->value.span, written_value(value)}};
  const json::object* table = &values;
  for (std::size_t i = 0; i < existing; ++i) table = &table->at(path[i]).get_object();
  if (existing + 1 == path.size() && table->contains(path.back()))
    throw sdk::refused("'" + dotted(path) + "' is a table of its own", "set the keys in it");
  return {adding(text, layout, existing, path, value)};
}

std::vector<Replacement> removing(const std::string& text, const TomlPath& path) {
  const TomlLayout layout = scan_toml(text);
  const FoundEntry found = find_entry(layout, path);
  if (!found.entry)
    throw sdk::refused("'" + dotted(path) + "' is a table of its own", "remove the keys in it");
  if (found.inline_table) return {without_inline(found)};
  const Span span = found.entry->span;
  std::size_t begin = start_of_line(text, span.begin);
  // On the first line the byte order mark stays.
  if (text.compare(begin, 3, "\xEF\xBB\xBF") == 0) begin += 3;
  const std::size_t end = end_of_line(text, span.end);
  // A text that ends without a line end goes on doing so.
  const bool is_open = end == text.size() && text.back() != '\n';
  if (is_open && begin > 0 && text[begin - 1] == '\n') --begin;
  if (is_open && begin > 0 && text[begin - 1] == '\r') --begin;
  return {{{begin, end}, ""}};
}

}  // namespace jarvis::text
