#pragma once

#include <cstddef>
#include <jarvis/text/toml_document.hpp>
#include <string>
#include <vector>

namespace jarvis::text {

/** Bytes [begin, end) of a text. */
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct TomlEntry;

/** Where a value stands. Items and entries are in the order of the text. */
struct TomlValue {
  enum class Kind { scalar, array, inline_table };
  Kind kind = Kind::scalar;
  Span span;
  std::vector<TomlValue> items;
  std::vector<TomlEntry> entries;
};

/** `key = value`; the span reaches from the key's first byte to the value's last. */
struct TomlEntry {
  TomlPath key;
  Span span;
  TomlValue value;
};

/** A header and the entries below it. The first section has no header: the root's own entries. */
struct TomlSection {
  TomlPath header;
  bool is_array = false;  ///< [[header]]
  Span span;              ///< the header from bracket to bracket
  std::vector<TomlEntry> entries;
};

/** How a document is written, which its tree of values does not tell: toml++ gives a region to each
 * node but not whether a table came from a header, a dotted key or braces, and that decides where a
 * new key may stand. */
struct TomlLayout {
  std::vector<TomlSection> sections;
};

/** Finds the layout of a text that is valid TOML. Throws JARVIS_REFUSED where it meets anything
 * else. */
TomlLayout scan_toml(const std::string& text);

/** True when the first keys of `path` are `prefix`. */
bool begins_with(const TomlPath& path, const TomlPath& prefix);

/** True for a section that is, or lies below, an element of an array of tables. */
bool in_array_of_tables(const TomlLayout& layout, const TomlSection& section);

/** An entry and the list that it stands in: a section's or an inline table's. */
struct FoundEntry {
  const TomlEntry* entry = nullptr;
  const TomlSection* section = nullptr;
  const TomlValue* inline_table = nullptr;  ///< the braces around it; nullptr on a line of its own
};

/** The entry whose value is the one at `path`; `entry` is nullptr when no single entry is. */
FoundEntry find_entry(const TomlLayout& layout, const TomlPath& path);

}  // namespace jarvis::text
