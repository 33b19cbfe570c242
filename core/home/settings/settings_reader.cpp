#include "core/home/settings/settings_reader.hpp"

#include <cmath>

namespace jarvis {

namespace {

using text::TomlPath;

std::string plain(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string listed(const std::vector<std::string>& choices) {
  std::string list;
  for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
  return list;
}

}  // namespace

const json::value& SettingsReader::at(const std::string& table, const std::string& key,
                                      const std::string& demanded) const {
  rules_.push_back({(table.empty() ? "" : table + ".") + key, demanded});
  return (table.empty() ? merged_ : merged_.at(table).as_object()).at(key);
}

bool SettingsReader::flag(const std::string& table, const std::string& key) const {
  return at(table, key, "").as_bool();
}

std::string SettingsReader::text(const std::string& table, const std::string& key) const {
  return std::string(at(table, key, "").as_string());
}

std::string SettingsReader::filled(const std::string& table, const std::string& key) const {
  std::string value(at(table, key, "not empty").as_string());
  if (value.empty()) fail(table, key, "is empty");
  return value;
}

std::string SettingsReader::one_of(const std::string& table, const std::string& key,
                                   const std::vector<std::string>& choices) const {
  std::string value(at(table, key, "one of " + listed(choices)).as_string());
  for (const std::string& choice : choices)
    if (choice == value) return value;
  fail(table, key, "is '" + value + "', not one of: " + listed(choices));
}

double SettingsReader::number(const std::string& table, const std::string& key, double least,
                              double most) const {
  const double value = at(table, key, plain(least) + " to " + plain(most)).as_double();
  if (!(value >= least && value <= most))
    fail(table, key,
         "is " + plain(value) + ", not between " + plain(least) + " and " + plain(most));
  return value;
}

int SettingsReader::count(const std::string& table, const std::string& key, int least,
                          int most) const {
  const std::int64_t value =
      at(table, key, std::to_string(least) + " to " + std::to_string(most)).as_int64();
  if (value < least || value > most)
    fail(table, key,
         "is " + std::to_string(value) + ", not between " + std::to_string(least) + " and " +
             std::to_string(most));
  return static_cast<int>(value);
}

std::optional<double> SettingsReader::price(const std::string& table,
                                            const std::string& key) const {
  rules_.push_back({table + "." + key, "0 or more"});
  const auto value = sdk::optional_number(merged_.at(table).as_object(), key);
  if (value && !(*value >= 0 && std::isfinite(*value)))
    fail(table, key, "is not a price: it must be 0 or more");
  return value;
}

std::vector<std::string> SettingsReader::texts(const std::string& table,
                                               const std::string& key) const {
  const json::value& value = at(table, key, "");
  if (value.is_string())
    return value.as_string().empty() ? std::vector<std::string>()
                                     : std::vector{std::string(value.as_string())};
  for (const json::value& item : value.as_array())
    if (!item.is_string()) fail(table, key, "must be a list of strings");
  return sdk::strings_of(value.as_array());
}

std::map<std::string, std::string> SettingsReader::text_table(const std::string& table,
                                                              const std::string& key,
                                                              const std::string& values) const {
  std::map<std::string, std::string> found;
  for (const auto& [name, value] : at(table, key, values).as_object()) {
    if (!value.is_string()) fail_at({table, key, std::string(name)}, "is not a string");
    found[std::string(name)] = std::string(value.as_string());
  }
  return found;
}

std::map<std::string, json::object> SettingsReader::tables(const std::string& key) const {
  std::map<std::string, json::object> found;
  for (const auto& [name, table] : at("", key, "a table").as_object()) {
    if (!table.is_object()) fail_at({key, std::string(name)}, "must be a table");
    found[std::string(name)] = table.as_object();
  }
  return found;
}

void SettingsReader::fail(const std::string& table, const std::string& key,
                          const std::string& why) const {
  fail_at({table, key}, why);
}

void SettingsReader::fail_at(const TomlPath& below, const std::string& why) const {
  TomlPath path{"learning", "distillation"};
  for (const std::string& key : below)
    if (!key.empty()) path.push_back(key);
  const auto line = user_.line_of(path);
  throw Error{ErrorKind::configuration,
              user_.name() + (line ? ":" + std::to_string(*line) : "") + ": key '" +
                  text::dotted(path) + "' " + why,
              "docs/configuration.md lists all keys"};
}

}  // namespace jarvis
