#pragma once

#include <jarvis/sdk/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis::text {

namespace json = boost::json;

/** Keys from the root down: {"agent", "simple", "tools"}. A key may hold any characters. */
using TomlPath = std::vector<std::string>;

/** A TOML text that is read as JSON and edited in place: comments, order, spacing and every byte
 * that is not meant stay as they were.
 *
 *  Each edit re-parses the new text and proves that the parsed tree differs from the old one in
 * exactly the intended path; otherwise it throws and the document is unchanged. All functions throw
 *  sdk::Failure; JARVIS_INVALID for text that is not TOML ("config.toml:12:5: …"), JARVIS_REFUSED
 * for an edit that cannot be made. Not safe for concurrent use of one object. */
class TomlDocument {
 public:
  /** `name` stands in messages only. Refuses text that is not UTF-8. */
  static TomlDocument parse(std::string text, std::string name);

  /** The text as it stands now. */
  const std::string& text() const { return text_; }
  /** As it was given to parse. */
  const std::string& name() const { return name_; }
  /** The whole document; dates and times are strings. */
  const json::object& values() const { return values_; }
  /** The value at `path`; nullptr when there is none. Valid until the next edit, as what values()
   * refers to. Arrays are not entered. */
  const json::value* find(const TomlPath& path) const;
  /** The 1-based line where the value at `path` begins; nothing when there is no such value. */
  std::optional<int> line_of(const TomlPath& path) const;

  /** Sets the value at `path`, replacing one that is there; missing tables are made. `value` is a
   * string, integer, floating-point number, boolean, array or object (written inline). */
  void set(const TomlPath& path, const json::value& value);
  /** Removes the key at `path`, with its line. Refused when there is none, and for a table that has
   * a header of its own. */
  void remove(const TomlPath& path);
  /** Appends to the array at `path`. Refused when there is none. */
  void append(const TomlPath& path, const json::value& item);
  /** Removes the first item equal to `item` from the array at `path`. Refused when there is none.
   */
  void remove_item(const TomlPath& path, const json::value& item);

 private:
  TomlDocument(std::string text, std::string name);

  std::string text_;
  std::string name_;
  json::object values_;
};

/** "agent.simple.tools", with quotes around keys that need them. */
std::string dotted(const TomlPath& path);

}  // namespace jarvis::text
