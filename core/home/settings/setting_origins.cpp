#include "core/home/settings/setting_origins.hpp"

#include "core/base/json_text.hpp"
#include "core/home/settings/config_check.hpp"
#include "core/home/settings/config_reading.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis {

namespace {

using text::TomlPath;

const TomlPath kOwnTable{"learning", "distillation"};

std::string text_of(const json::value& value) {
  if (!value.is_double()) return json::serialize(value);
  std::string text = pretty(value);
  text.pop_back();
  return text;
}

bool is_table(const json::value& value) {
  return value.is_object() && !value.as_object().empty();
}

/** Adds a row for each value in the table; `table` is redacted. */
void add_rows(const text::TomlDocument& user, const TomlPath& path, const json::object& table,
              std::vector<SettingOrigin>& rows) {
  const auto below = [&](std::string_view key) {
    TomlPath longer = path;
    longer.emplace_back(key);
    return longer;
  };
  for (const auto& [key, value] : table)
    if (!is_table(value))
      rows.push_back({text::dotted(below(key)), text_of(value), user.line_of(below(key))});
  for (const auto& [key, value] : table)
    if (is_table(value)) add_rows(user, below(key), value.as_object(), rows);
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
  add_rows(*user, kOwnTable, redacted(*merged, false).as_object(), rows);
  const json::object rest = others(user->values());
  if (!rest.empty()) add_rows(*user, {}, redacted(rest, false).as_object(), rows);
  return rows;
} catch (const std::exception& error) {
  return Error{ErrorKind::configuration, "config.toml: " + std::string(error.what()), ""};
}

}  // namespace jarvis
