#include "core/session/plan/placeholder_rule.hpp"

#include <algorithm>

namespace jarvis {

namespace {

/** "agents/{agent}/few_shot.json" with the payload's agent; "config.toml:agent.*" is config.toml.
 */
std::string file_of(const std::string& touch, const json::object& payload) {
  std::string file = touch.substr(0, touch.find(':'));
  for (std::size_t open = file.find('{'); open != std::string::npos; open = file.find('{', open)) {
    const std::size_t close = file.find('}', open);
    if (close == std::string::npos) break;
    const std::string value =
        sdk::optional_string(payload, file.substr(open + 1, close - open - 1));
    file.replace(open, close - open + 1, value);
    open += value.size();
  }
  return file;
}

void collect_keys(const json::value& value, std::string& keys) {
  if (value.is_array())
    for (const json::value& item : value.as_array()) collect_keys(item, keys);
  if (!value.is_object()) return;
  for (const auto& [key, item] : value.as_object()) {
    keys.append(key).push_back('\n');
    collect_keys(item, keys);
  }
}

std::vector<std::string> placeholders_of(const json::object& payload, const Privacy& privacy) {
  std::vector<std::string> found;
  with_texts(payload, [&](std::string_view text) {
    for (std::string& placeholder : privacy.placeholders_in(text))
      if (std::find(found.begin(), found.end(), placeholder) == found.end())
        found.push_back(std::move(placeholder));
    return std::string();
  });
  return found;
}

Error refusal(const std::string& placeholder) {
  return {ErrorKind::refused,
          "it holds the placeholder '" + placeholder +
              "' for redacted text, which does not stand in the file that it changes",
          ""};
}

}  // namespace

Result<void> restore_placeholders(json::object& payload, const std::vector<std::string>& touches,
                                  const HomeView& home, const Privacy& privacy) {
  std::string keys;
  collect_keys(payload, keys);
  if (const auto in_keys = privacy.placeholders_in(keys); !in_keys.empty())
    return refusal(in_keys.front());
  const auto placeholders = placeholders_of(payload, privacy);
  if (placeholders.empty()) return {};
  std::vector<std::string> contents;
  for (const std::string& touch : touches)
    if (auto content = home.read(file_of(touch, payload))) contents.push_back(std::move(*content));
  for (const std::string& placeholder : placeholders) {
    const std::string original = privacy.restore(placeholder);
    if (std::none_of(contents.begin(), contents.end(), [&](const std::string& content) {
          return content.find(original) != std::string::npos;
        }))
      return refusal(placeholder);
  }
  payload =
      with_texts(payload, [&](std::string_view text) { return privacy.restore(text); }).as_object();
  return {};
}

}  // namespace jarvis
