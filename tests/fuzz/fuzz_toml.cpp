#include <cstdint>
#include <jarvis/text/toml_document.hpp>

#include "sdk/tests/property/json_tree.hpp"
#include "tests/fuzz/require.hpp"

// The first three bytes choose the edit, the path and the value; the rest is the document.

namespace {

namespace json = boost::json;
using jarvis::fuzz::require;
using jarvis::property::same_tree;
using jarvis::property::with_value;
using jarvis::property::without_value;
using jarvis::text::TomlDocument;
using jarvis::text::TomlPath;

constexpr std::size_t kMostPaths = 200;

void add_paths(const json::object& table, const TomlPath& here, std::vector<TomlPath>& paths) {
  for (const auto& [key, value] : table) {
    if (paths.size() >= kMostPaths) return;
    TomlPath path = here;
    path.emplace_back(key);
    paths.push_back(path);
    if (value.is_object()) add_paths(value.get_object(), path, paths);
  }
}

const json::value& value_of(std::uint8_t choice) {
  static const json::array values{
      1,
      -0.5,
      true,
      "plain",
      "5\n[security]\nenabled = false",
      "\"\"\" ''' ] } # \\",
      json::array(),
      json::array{1, "a", json::object{{"b", 2}}},
      json::object(),
      json::object{{"a b", 1}, {"c", json::object{{"", json::array{json::array{}}}}}},
      nullptr};
  return values[choice % values.size()];
}

/** Makes the edit that `choice` says; gives the tree that it must lead to. */
json::object edited(TomlDocument& document, std::uint8_t choice, TomlPath path,
                    const json::value& value) {
  const json::object before = document.values();
  if (choice % 5 == 0) {
    document.set(path, value);
    return with_value(before, path, value);
  }
  if (choice % 5 == 1) {
    path.push_back("new key");
    if (value.is_bool()) path.push_back("deeper");
    document.set(path, value);
    return with_value(before, path, value);
  }
  if (choice % 5 == 2) {
    document.remove(path);
    // Tables that only dotted keys had made may go with the last of them.
    require(!document.find(path), "a removed key is gone");
    return document.values();
  }
  json::array items;
  if (const json::value* present = document.find(path); present && present->is_array())
    items = present->get_array();
  if (choice % 5 == 3) {
    document.append(path, value);
    items.push_back(value);
  } else {
    document.remove_item(path, items.empty() ? value : items.back());
    for (auto item = items.begin(); item != items.end(); ++item)
      if (same_tree(*item, items.back())) {
        items.erase(item);
        break;
      }
  }
  return with_value(before, path, items);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 3, size - 3);
  try {
    TomlDocument document = TomlDocument::parse(text, "fuzzed.toml");
    std::vector<TomlPath> paths{{"a"}};
    add_paths(document.values(), {}, paths);
    const TomlPath& path = paths[data[1] % paths.size()];
    document.line_of(path);
    try {
      const json::object meant = edited(document, data[0], path, value_of(data[2]));
      require(same_tree(document.values(), meant), "the tree is the one that was meant");
      const TomlDocument again = TomlDocument::parse(document.text(), "edited.toml");
      require(same_tree(again.values(), meant), "the text says what was meant");
    } catch (const jarvis::sdk::Failure&) {
      require(document.text() == text, "a refused edit changes nothing");
    }
  } catch (const jarvis::sdk::Failure& failure) {
    require(failure.status() == JARVIS_INVALID, "text that is no TOML is invalid");
  }
  return 0;
}
