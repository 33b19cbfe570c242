#include "core/host/effects.hpp"

#include <algorithm>
#include <jarvis/text/toml_document.hpp>

namespace jarvis {

namespace {

constexpr std::string_view kConfig = "config.toml";

/** Replaces {field} by the payload's text. */
std::string fill(const std::string& pattern, const json::object& payload) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t end = pattern[at] == '{' ? pattern.find('}', at) : std::string::npos;
    if (end == std::string::npos) {
      text += pattern[at++];
      continue;
    }
    const std::string field = pattern.substr(at + 1, end - at - 1);
    const json::value* value = payload.if_contains(field);
    if (!value) throw sdk::invalid("field 'payload." + field + "' is missing");
    if (!value->is_string()) throw sdk::invalid("field 'payload." + field + "' is not a string");
    text += value->as_string();
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

/** "agent.{agent}.tools" as a pattern. Only a star that stands in the text itself is one: a star
 * that came from the payload is a key of that name. */
KeyPattern pattern_of(const std::string& text, const json::object& payload) {
  std::vector<KeyPattern::Part> parts;
  for (const std::string& part : split_at_dots(text))
    parts.push_back({fill(part, payload), part == "*"});
  return KeyPattern(std::move(parts));
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
  for (const FileChange& change : changes) {
    if (!is_tracked(change.path))
      return Error{ErrorKind::refused,
                   "the edit changed '" + change.path + "', which is not tracked", ""};
    if (std::find(reported.begin(), reported.end(), change.path) == reported.end())
      return Error{ErrorKind::refused,
                   "the edit changed '" + change.path + "' without reporting it", ""};
    if (change.path == kConfig) {
      if (auto checked = check_config(change); !checked) return checked;
    } else if (std::find(files_.begin(), files_.end(), change.path) == files_.end()) {
      return Error{ErrorKind::refused,
                   "the edit changed '" + change.path + "', which its op may not touch", ""};
    }
  }
  for (const std::string& path : reported)
    if (!is_tracked(path))
      return Error{ErrorKind::refused, "the edit reported '" + path + "', which is not tracked",
                   ""};
  return {};
}

Result<void> EffectPolicy::check_config(const FileChange& change) const {
  if (!change.after) return Error{ErrorKind::refused, "the edit removed config.toml", ""};
  const auto keys = changed_keys(change);
  if (!keys) return keys.error();
  for (const ConfigKey& key : *keys) {
    for (const KeyPattern& pattern : forbidden_)
      if (pattern.touches_part_of(key))
        return Error{
            ErrorKind::refused,
            "the edit changed '" + text::dotted(key) + "' in config.toml, which no edit may change",
            ""};
    if (std::none_of(keys_.begin(), keys_.end(),
                     [&](const KeyPattern& pattern) { return pattern.covers(key); }))
      return Error{
          ErrorKind::refused,
          "the edit changed '" + text::dotted(key) + "' in config.toml, which its op may not touch",
          ""};
  }
  return {};
}

}  // namespace jarvis
