#include "core/dashboard/pages.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/settings/setting_origins.hpp"

namespace jarvis::dashboard {

namespace {

/** "learning.distillation.gate" of "learning.distillation.gate.full_benchmark". */
std::string table_of(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string::npos ? std::string() : key.substr(0, dot);
}

Html row(const SettingOrigin& origin, const std::string& name) {
  const Html from = origin.line ? element("span", "line " + std::to_string(*origin.line))
                                : element("span", {{"class", "soft"}}, "default");
  return element("tr",
                 {row_head(element("code", origin.key.substr(name.empty() ? 0 : name.size() + 1))),
                  cell(element("code", origin.value), "wide-code"), cell(from, "nowrap")});
}

}  // namespace

Page settings_page(const Visit& visit) {
  Html content{element("h1", "Settings"),
               element("p", {{"class", "lead"}},
                       "What is in force, and where it comes from: a line of config.toml, or "
                       "the default. To change something, edit config.toml in the home. Keys, "
                       "passwords and tokens are never shown.")};
  const auto origins = setting_origins(visit.desk.home);
  if (!origins) {
    content += error_note(origins.error().message, origins.error().hint);
    return {"Settings", "/settings", content};
  }
  for (std::size_t i = 0; i < origins->size();) {
    const std::string name = table_of((*origins)[i].key);
    Html rows;
    for (; i < origins->size() && table_of((*origins)[i].key) == name; ++i)
      rows += row((*origins)[i], name);
    content += element(
        "section", {{"class", "card even"}},
        {element("h2", {{"class", "code"}}, "[" + name + "]"),
         table("Settings of " + name, {column("Key"), column("Value"), column("From")}, rows)});
  }
  return {"Settings", "/settings", content};
}

}  // namespace jarvis::dashboard
