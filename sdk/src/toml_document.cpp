#include <algorithm>
#include <cmath>
#include <jarvis/text/toml_document.hpp>

#include "toml_edit.hpp"
#include "toml_reader.hpp"

namespace jarvis::text {

namespace {

/** Equal in kind and content; the order of keys does not count, and NaN equals itself. */
bool same(const json::value& one, const json::value& other) {
  if (one.is_double() && other.is_double() && std::isnan(one.get_double()))
    return std::isnan(other.get_double());
  if (one.is_array() && other.is_array())
    return std::equal(one.get_array().begin(), one.get_array().end(), other.get_array().begin(),
                      other.get_array().end(), same);
  if (one.is_object() && other.is_object()) {
    const json::object& right = other.get_object();
    return one.get_object().size() == right.size() &&
           std::all_of(one.get_object().begin(), one.get_object().end(), [&](const auto& member) {
             const json::value* twin = right.if_contains(member.key());
             return twin && same(member.value(), *twin);
           });
  }
  return one == other;
}

/** The tables on the way to the last key of `path`, outermost first; missing ones are made. */
std::vector<json::object*> tables_to(json::object& root, const TomlPath& path) {
  std::vector<json::object*> tables{&root};
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    json::value& next = (*tables.back())[path[i]];
    if (!next.is_object()) next.emplace_object();
    tables.push_back(&next.get_object());
  }
  return tables;
}

json::object with_value(json::object values, const TomlPath& path, const json::value& value) {
  tables_to(values, path).back()->insert_or_assign(path.back(), value);
  return values;
}

/** True when `after` is `before` without `path`. Tables that only dotted keys had made may go with
 * it. */
bool is_without(json::object before, const TomlPath& path, const json::object& after) {
  const std::vector<json::object*> tables = tables_to(before, path);
  for (std::size_t i = tables.size(); i-- > 0;) {
    tables[i]->erase(path[i]);
    if (same(before, after)) return true;
    if (!tables[i]->empty()) return false;
  }
  return false;
}

/** Runs `plan`, naming the edit in what it throws. */
template <class Plan>
std::string planned(const std::string& text, const std::string& what, Plan plan) {
  try {
    return replaced(text, plan());
  } catch (const sdk::Failure& failure) {
    throw sdk::Failure(failure.status(), "cannot " + what + ": " + failure.what(), failure.hint());
  }
}

/** Parses an edited text; what does not parse, or does not say what was meant, is refused. */
template <class Proof>
json::object proven(const std::string& text, const std::string& name, const std::string& what,
                    Proof is_meant) {
  json::object values;
  try {
    values = read_toml(text, name);
  } catch (const sdk::Failure& failure) {
    throw sdk::refused("cannot " + what + ": it would not be TOML any more: " + failure.what());
  }
  if (!is_meant(values))
    throw sdk::refused("cannot " + what + ": other values would change with it");
  return values;
}

const json::array& require_array(const TomlDocument& document, const TomlPath& path,
                                 const std::string& what) {
  const json::value* value = document.find(path);
  if (!value) throw sdk::refused("cannot " + what + ": there is no such key");
  if (!value->is_array()) throw sdk::refused("cannot " + what + ": it is not an array");
  return value->get_array();
}

void require_path(const TomlPath& path) {
  if (path.empty()) throw sdk::invalid("an edit needs a key");
}

std::string naming(const char* action, const TomlPath& path, const std::string& name) {
  return std::string(action) + " '" + dotted(path) + "' in '" + name + "'";
}

int line_number(const std::string& text, std::size_t at) {
  return 1 + static_cast<int>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

}  // namespace

TomlDocument::TomlDocument(std::string text, std::string name)
    : text_(std::move(text)), name_(std::move(name)), values_(read_toml(text_, name_)) {}

TomlDocument TomlDocument::parse(std::string text, std::string name) {
  return TomlDocument(std::move(text), std::move(name));
}

const json::value* TomlDocument::find(const TomlPath& path) const {
  const json::object* table = &values_;
  const json::value* value = nullptr;
  for (const std::string& key : path) {
    value = table ? table->if_contains(key) : nullptr;
    if (!value) return nullptr;
    table = value->if_object();
  }
  return value;
}

std::optional<int> TomlDocument::line_of(const TomlPath& path) const {
  if (!find(path)) return std::nullopt;
  const TomlLayout layout = scan_toml(text_);
  if (const FoundEntry found = find_entry(layout, path); found.entry)
    return line_number(text_, found.entry->span.begin);
  std::optional<int> first_below;
  for (const TomlSection& section : layout.sections) {
    if (section.header == path) return line_number(text_, section.span.begin);
    if (!first_below && begins_with(section.header, path))
      first_below = line_number(text_, section.span.begin);
    for (const TomlEntry& entry : section.entries) {
      TomlPath full = section.header;
      full.insert(full.end(), entry.key.begin(), entry.key.end());
      if (!first_below && begins_with(full, path))
        first_below = line_number(text_, entry.span.begin);
    }
  }
  return first_below;
}

void TomlDocument::set(const TomlPath& path, const json::value& value) {
  require_path(path);
  const std::string what = naming("set", path, name_);
  std::string edited = planned(text_, what, [&] { return setting(text_, values_, path, value); });
  values_ = proven(edited, name_, what, [&](const json::object& after) {
    return same(with_value(values_, path, value), after);
  });
  text_ = std::move(edited);
}

void TomlDocument::remove(const TomlPath& path) {
  require_path(path);
  const std::string what = naming("remove", path, name_);
  if (!find(path)) throw sdk::refused("cannot " + what + ": there is no such key");
  std::string edited = planned(text_, what, [&] { return removing(text_, path); });
  values_ = proven(edited, name_, what,
                   [&](const json::object& after) { return is_without(values_, path, after); });
  text_ = std::move(edited);
}

void TomlDocument::append(const TomlPath& path, const json::value& item) {
  require_path(path);
  const std::string what = naming("append to", path, name_);
  json::array expected = require_array(*this, path, what);
  expected.push_back(item);
  std::string edited = planned(text_, what, [&] { return appending(text_, path, item); });
  values_ = proven(edited, name_, what, [&](const json::object& after) {
    return same(with_value(values_, path, expected), after);
  });
  text_ = std::move(edited);
}

void TomlDocument::remove_item(const TomlPath& path, const json::value& item) {
  require_path(path);
  const std::string what = naming("remove an item from", path, name_);
  json::array expected = require_array(*this, path, what);
  const auto found = std::find_if(expected.begin(), expected.end(),
                                  [&](const json::value& each) { return same(each, item); });
  if (found == expected.end())
    throw sdk::refused("cannot " + what + ": it has no " + json::serialize(item));
  const auto index = static_cast<std::size_t>(found - expected.begin());
  expected.erase(found);
  std::string edited = planned(text_, what, [&] { return removing_item(text_, path, index); });
  values_ = proven(edited, name_, what, [&](const json::object& after) {
    return same(with_value(values_, path, expected), after);
  });
  text_ = std::move(edited);
}

}  // namespace jarvis::text
