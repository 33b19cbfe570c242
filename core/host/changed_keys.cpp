#include "core/host/changed_keys.hpp"

#include <algorithm>
#include <jarvis/text/toml_document.hpp>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

/** Every key path at which two trees differ; a table that is on one side only counts as its leaves.
 */
void differences(const json::value* before, const json::value* after, const ConfigKey& here,
                 std::vector<ConfigKey>& found) {
  if (before && after && *before == *after) return;
  const json::object empty;
  const bool tables = (!before || before->is_object()) && (!after || after->is_object());
  if (!tables) {
    found.push_back(here);
    return;
  }
  const json::object& old_table = before ? before->as_object() : empty;
  const json::object& new_table = after ? after->as_object() : empty;
  const auto descend = [&](const json::object& keys, const json::object& other, bool both) {
    for (const auto& [name, value] : keys) {
      if (!both && other.contains(name)) continue;
      ConfigKey path = here;
      path.emplace_back(name);
      differences(old_table.if_contains(name), new_table.if_contains(name), path, found);
    }
  };
  descend(old_table, new_table, true);
  descend(new_table, old_table, false);
  // An empty table that came or went is a difference too.
  if (old_table.empty() && new_table.empty()) found.push_back(here);
}

Result<json::value> tree_of(const std::optional<std::string>& text,
                            const std::string& problem) try {
  if (!text) return json::value(json::object());
  return json::value(text::TomlDocument::parse(*text, "config.toml").values());
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::refused, problem + ": " + failure.what(), ""};
}

}  // namespace

std::vector<std::string> split_at_dots(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

KeyPattern KeyPattern::parse(const std::string& text) {
  std::vector<Part> parts;
  for (const std::string& part : split_at_dots(text)) parts.push_back({part, part == "*"});
  return KeyPattern(std::move(parts));
}

bool KeyPattern::agrees(const ConfigKey& key, std::size_t length) const {
  for (std::size_t i = 0; i < length; ++i)
    if (!parts_[i].any && parts_[i].text != key[i]) return false;
  return true;
}

bool KeyPattern::covers(const ConfigKey& key) const {
  return key.size() >= parts_.size() && agrees(key, parts_.size());
}

bool KeyPattern::touches_part_of(const ConfigKey& key) const {
  return agrees(key, std::min(parts_.size(), key.size()));
}

Result<std::vector<ConfigKey>> changed_keys(const FileChange& change) {
  const auto before = tree_of(change.before, "config.toml was no valid TOML before the edit");
  if (!before) return before.error();
  const auto after = tree_of(change.after, "the edit left no valid TOML");
  if (!after) return after.error();
  std::vector<ConfigKey> keys;
  differences(&*before, &*after, {}, keys);
  return keys;
}

}  // namespace jarvis
