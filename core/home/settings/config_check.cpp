#include "core/home/settings/config_check.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace jarvis {

namespace {

using text::TomlPath;

const TomlPath kRoot{"learning", "distillation"};

/** Tables whose keys are the user's own. */
constexpr std::array<std::string_view, 4> kOpenTables{"tier_overrides", "plugins.pinned",
                                                      "plugins.isolation", "plugin"};

/** Keys without a default: nothing stands for "not set". */
constexpr std::array<std::string_view, 2> kOptionalNumbers{"input_price_per_mtok",
                                                           "output_price_per_mtok"};
constexpr std::array<std::string_view, 3> kRoles{"teacher", "student", "judge"};

std::string below_root(const TomlPath& path) {
  std::string text;
  for (std::size_t i = kRoot.size(); i < path.size(); ++i)
    text += (text.empty() ? "" : ".") + path[i];
  return text;
}

/** "…/config.toml:12". */
std::string line_in(const text::TomlDocument& document, const TomlPath& path) {
  const auto line = document.line_of(path);
  return document.name() + (line ? ":" + std::to_string(*line) : "");
}

Error wrong_type(const text::TomlDocument& document, const TomlPath& path,
                 const std::string& wanted) {
  return {ErrorKind::configuration,
          line_in(document, path) + ": key '" + text::dotted(path) + "' must be " + wanted, ""};
}

std::string type_name(const json::value& value) {
  if (value.is_bool()) return "true or false";
  if (value.is_int64() || value.is_uint64()) return "a whole number";
  if (value.is_double()) return "a number";
  if (value.is_string()) return "a string";
  if (value.is_array()) return "a list of strings";
  return "a table";
}

bool fits(const json::value& value, const json::value& model) {
  if (model.is_double()) return value.is_number();
  if (model.is_int64()) return value.is_int64();
  return value.kind() == model.kind();
}

/** How many single-character changes lie between two words. */
std::size_t distance(const std::string& one, const std::string& other) {
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[other.size()];
}

std::string suggestion(const std::string& key, const json::object& known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, key.size() / 3) + 1;
  for (const auto& [name, ignored] : known)
    if (const std::size_t far = distance(key, std::string(name)); far < least) {
      least = far;
      best = std::string(name);
    }
  return best.empty() ? "docs/configuration.md lists all keys" : "did you mean '" + best + "'?";
}

class Merge {
 public:
  Merge(const text::TomlDocument& user) : user_(user) {}

  void table(const json::object& from, json::object& onto, const TomlPath& path) {
    for (const auto& [name, value] : from) {
      TomlPath here = path;
      here.emplace_back(name);
      if (json::value* model = onto.if_contains(name))
        known(value, *model, here);
      else if (is_optional_number(here))
        optional_number(value, onto, here);
      else
        unknown(here, onto);
    }
  }

 private:
  [[noreturn]] void unknown(const TomlPath& path, const json::object& table) const {
    json::object known = table;
    if (is_role(path))
      for (const std::string_view key : kOptionalNumbers) known[key] = nullptr;
    throw Error{ErrorKind::configuration,
                line_in(user_, path) + ": unknown key '" + text::dotted(path) + "'",
                suggestion(path.back(), known)};
  }

  /** Whether a key stands in the table of a role, which has keys without defaults. */
  static bool is_role(const TomlPath& path) {
    return path.size() == kRoot.size() + 2 &&
           std::find(kRoles.begin(), kRoles.end(), path[kRoot.size()]) != kRoles.end();
  }

  static bool is_optional_number(const TomlPath& path) {
    return is_role(path) && std::find(kOptionalNumbers.begin(), kOptionalNumbers.end(),
                                      path.back()) != kOptionalNumbers.end();
  }

  void optional_number(const json::value& value, json::object& onto, const TomlPath& path) {
    if (!value.is_number()) throw wrong_type(user_, path, "a number");
    onto[path.back()] = value.to_number<double>();
  }

  void known(const json::value& value, json::value& model, const TomlPath& path) {
    const std::string name = below_root(path);
    const bool address_list = name == "student.base_url" && value.is_array();
    if (!address_list && !fits(value, model)) throw wrong_type(user_, path, type_name(model));
    if (!model.is_object())
      model = model.is_double() ? json::value(value.to_number<double>()) : value;
    else if (std::find(kOpenTables.begin(), kOpenTables.end(), name) != kOpenTables.end())
      model = value;
    else
      table(value.as_object(), model.as_object(), path);
  }

  const text::TomlDocument& user_;
};

}  // namespace

Result<json::object> merged_distillation(const text::TomlDocument& user,
                                         const text::TomlDocument& defaults) {
  json::object merged = defaults.find(kRoot)->as_object();
  const json::value* own = user.find(kRoot);
  const json::value* above = user.find({kRoot.front()});
  if (above && !above->is_object()) return wrong_type(user, {kRoot.front()}, "a table");
  if (!own) return merged;
  if (!own->is_object()) return wrong_type(user, kRoot, "a table");
  try {
    Merge(user).table(own->as_object(), merged, kRoot);
  } catch (const Error& error) {
    return error;
  }
  return merged;
}

}  // namespace jarvis
