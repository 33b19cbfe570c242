#include "core/home/settings/setting_origins.hpp"

#include "core/home/settings/config_check.hpp"
#include "core/home/settings/config_reading.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis {

namespace {

using text::TomlPath;

const TomlPath kOwnTable{"learning", "distillation"};

/** Adds a row for each value in the table; `value` is redacted. */
void add_rows(const text::TomlDocument& user, const TomlPath& path, const json::value& value,
              std::vector<SettingOrigin>& rows) {
  if (value.is_object() && !value.as_object().empty()) {
    for (const auto& [key, item] : value.as_object()) {
      TomlPath below = path;
      below.emplace_back(key);
      add_rows(user, below, item, rows);
    }
    return;
  }
  rows.push_back({text::dotted(path), json::serialize(value), user.line_of(path)});
}

/** What the user's file holds beside our own table. */
json::object others(const json::object& values) {
  json::object rest = values;
  if (json::value* learning = rest.if_contains("learning"); learning && learning->is_object()) {
    learning->as_object().erase("distillation");
    if (learning->as_object().empty()) rest.erase("learning");
  }
  return rest;
}

}  // namespace

Result<std::vector<SettingOrigin>> setting_origins(const HomeView& home) try {
  if (const auto checked = load_settings(home); !checked) return checked.error();
  const auto user = read_config(home);
  if (!user) return user.error();
  const auto merged = merged_distillation(*user, default_config());
  if (!merged) return merged.error();
  std::vector<SettingOrigin> rows;
  add_rows(*user, kOwnTable, redacted(*merged, false), rows);
  const json::object rest = others(user->values());
  if (!rest.empty()) add_rows(*user, {}, redacted(rest, false), rows);
  return rows;
} catch (const std::exception& error) {
  return Error{ErrorKind::configuration, "config.toml: " + std::string(error.what()), ""};
}

}  // namespace jarvis
