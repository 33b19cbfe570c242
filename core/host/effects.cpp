#include "core/host/effects.hpp"

#include <jarvis/text/toml_document.hpp>

#include <algorithm>

namespace jarvis {

namespace {

constexpr std::string_view kConfig = "config.toml";

using Key = std::vector<std::string>;
using Pattern = std::vector<EffectPolicy::PatternPart>;

/** Splits at dots before the fields are filled in: a model name may hold dots of its own. */
std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '.')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/** Replaces {field} by the payload's text. */
std::string fill(const std::string& pattern, const json::object& payload) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : std::string::npos;
    if (end == std::string::npos) {
      text += pattern[at++];
      continue;
    }
    text += sdk::required_string(payload, pattern.substr(at + 1, end - at - 1));
    at = end + 1;
  }
  return text;
}

/** A file's path with its fields filled in, each with one part of a path. */
std::string fill_path(const std::string& pattern, const json::object& payload) {
  const std::string path = fill(pattern, payload);
  if (std::count(path.begin(), path.end(), '/') != std::count(pattern.begin(), pattern.end(), '/'))
    throw sdk::invalid("'" + path + "' is no path of the form '" + pattern + "'");
  return path;
}

/** Every key path at which two trees differ; a table that is on one side only counts as its leaves. */
void differences(const json::value* before, const json::value* after, const Key& here,
                 std::vector<Key>& found) {
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
      Key path = here;
      path.emplace_back(name);
      differences(old_table.if_contains(name), new_table.if_contains(name), path, found);
    }
  };
  descend(old_table, new_table, true);
  descend(new_table, old_table, false);
  // An empty table that came or went is a difference too.
  if (old_table.empty() && new_table.empty()) found.push_back(here);
}

bool agree(const Pattern& pattern, const Key& path, std::size_t length) {
  for (std::size_t i = 0; i < length; ++i)
    if (!pattern[i].any && pattern[i].text != path[i]) return false;
  return true;
}

/** Whether `path` is what the pattern names, or lies below it. */
bool covers(const Pattern& pattern, const Key& path) {
  return path.size() >= pattern.size() && agree(pattern, path, pattern.size());
}

/** As covers; what lies above counts too: who replaces a whole table replaces what is in it. */
bool touches_part_of(const Pattern& pattern, const Key& path) {
  return agree(pattern, path, std::min(pattern.size(), path.size()));
}

/** "agent.{agent}.tools" as a pattern. Only a star that stands in the text itself is one: a star that came
 *  from the payload is a key of that name. */
Pattern pattern_of(const std::string& text, const json::object& payload) {
  Pattern pattern;
  for (const std::string& part : split(text)) pattern.push_back({fill(part, payload), part == "*"});
  return pattern;
}

Result<json::value> tree_of(const std::optional<std::string>& text, const std::string& problem) try {
  if (!text) return json::value(json::object());
  return json::value(text::TomlDocument::parse(*text, std::string(kConfig)).values());
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::refused, problem + ": " + failure.what(), ""};
}

bool is_tracked(const std::string& path) {
  return path == kConfig || path.rfind("agents/", 0) == 0 || path.rfind("tools/", 0) == 0;
}

}  // namespace

Result<EffectPolicy> EffectPolicy::make(const std::vector<std::string>& touches,
                                        const json::object& payload,
                                        const std::vector<std::string>& forbidden) try {
  EffectPolicy policy;
  for (const std::string& keys : forbidden) policy.forbidden_.push_back(pattern_of(keys, {}));
  const std::string prefix = std::string(kConfig) + ":";
  for (const std::string& touch : touches) {
    if (touch.rfind(prefix, 0) == 0)
      policy.keys_.push_back(pattern_of(touch.substr(prefix.size()), payload));
    else
      policy.files_.push_back(fill_path(touch, payload));
  }
  return policy;
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::invalid, failure.what(), ""};
}

Result<void> EffectPolicy::check(const std::vector<FileChange>& changes,
                                 const std::vector<std::string>& reported) const {
  for (const std::string& path : reported)
    if (!is_tracked(path))
      return Error{ErrorKind::refused, "the edit reported '" + path + "', which is not tracked", ""};
  for (const FileChange& change : changes) {
    if (!is_tracked(change.path))
      return Error{ErrorKind::refused, "the edit changed '" + change.path + "', which is not tracked", ""};
    if (std::find(reported.begin(), reported.end(), change.path) == reported.end())
      return Error{ErrorKind::refused,
                   "the edit changed '" + change.path + "' without reporting it", ""};
    if (change.path == kConfig) {
      if (auto checked = check_config(change); !checked) return checked;
    } else if (std::find(files_.begin(), files_.end(), change.path) == files_.end()) {
      return Error{ErrorKind::refused, "the edit changed '" + change.path + "', which its op may not touch",
                   ""};
    }
  }
  return {};
}

Result<void> EffectPolicy::check_config(const FileChange& change) const {
  if (!change.after) return Error{ErrorKind::refused, "the edit removed config.toml", ""};
  const auto before = tree_of(change.before, "config.toml was no valid TOML before the edit");
  if (!before) return before.error();
  const auto after = tree_of(change.after, "the edit left no valid TOML");
  if (!after) return after.error();
  std::vector<Key> paths;
  differences(&*before, &*after, {}, paths);
  for (const Key& path : paths) {
    for (const Pattern& pattern : forbidden_)
      if (touches_part_of(pattern, path))
        return Error{ErrorKind::refused,
                     "the edit changed '" + text::dotted(path) + "' in config.toml, which no edit may change",
                     ""};
    if (std::none_of(keys_.begin(), keys_.end(), [&](const Pattern& key) { return covers(key, path); }))
      return Error{ErrorKind::refused,
                   "the edit changed '" + text::dotted(path) + "' in config.toml, which its op may not touch",
                   ""};
  }
  return {};
}

}  // namespace jarvis
