#include <algorithm>

#include "core/host/changed_keys.hpp"
#include "core/host/check/manifest_check.hpp"

namespace jarvis {

namespace {

constexpr std::string_view kConfigKeys = "config.toml:";

std::vector<std::string> fields_in(const std::string& touch) {
  std::vector<std::string> fields;
  for (std::size_t at = touch.find('{'); at != std::string::npos; at = touch.find('{', at)) {
    const std::size_t end = touch.find('}', at);
    if (end == std::string::npos) break;
    fields.push_back(touch.substr(at + 1, end - at - 1));
    at = end;
  }
  return fields;
}

/** Why the host could not fill in a field; it knows the agent from the edit's target. */
std::string field_problem(const std::string& field, const json::object& schema) {
  const json::object rules =
      sdk::optional_object(sdk::optional_object(schema, "properties"), field);
  if (sdk::optional_string(rules, "type") != "string")
    return "{" + field + "} is no text field of payload_schema";
  const auto required = sdk::strings_of(sdk::optional_array(schema, "required"));
  if (field != "agent" && std::find(required.begin(), required.end(), field) == required.end())
    return "{" + field + "} is not required by payload_schema";
  return {};
}

/** Whether one part of a touched key may be `wanted`, a part of a forbidden one. */
bool may_be(const std::string& part, const std::string& wanted, const json::object& schema) {
  if (wanted == "*" || part == "*") return true;
  if (part.find('{') == std::string::npos) return part == wanted;
  const auto fields = fields_in(part);
  if (fields.size() != 1 || part != "{" + fields[0] + "}") return true;
  const json::array values = sdk::optional_array(
      sdk::optional_object(sdk::optional_object(schema, "properties"), fields[0]), "enum");
  if (values.empty()) return true;
  return std::find(values.begin(), values.end(), json::value(wanted)) != values.end();
}

/** Whether some payload lets the touched keys meet the forbidden ones, at, above or below them. */
bool may_meet(const std::vector<std::string>& touched, const std::vector<std::string>& forbidden,
              const json::object& schema) {
  for (std::size_t i = 0; i < std::min(touched.size(), forbidden.size()); ++i)
    if (!may_be(touched[i], forbidden[i], schema)) return false;
  return true;
}

std::string key_problem(const std::string& keys, const json::object& schema,
                        const std::vector<std::string>& forbidden) {
  const auto parts = split_at_dots(keys);
  if (std::any_of(parts.begin(), parts.end(), [](const std::string& part) { return part.empty(); }))
    return "it names no keys of config.toml";
  for (const std::string& pattern : forbidden)
    if (may_meet(parts, split_at_dots(pattern), schema))
      return "it may change '" + pattern + "' in config.toml, which no op may change";
  return {};
}

std::string file_problem(const std::string& file) {
  if (file == "config.toml") return "it names no keys: write config.toml:table.key";
  if (file.rfind("agents/", 0) != 0 && file.rfind("tools/", 0) != 0)
    return "only config.toml, agents/ and tools/ are tracked";
  if (file.find("..") != std::string::npos) return "it leaves its folder";
  if (file.find('*') != std::string::npos) return "a star stands for nothing in a file's path";
  if (file.find(':') != std::string::npos) return "keys can be named in config.toml alone";
  return {};
}

std::string touch_problem(const std::string& touch, const json::object& schema,
                          const std::vector<std::string>& forbidden) {
  for (const std::string& field : fields_in(touch))
    if (auto problem = field_problem(field, schema); !problem.empty()) return problem;
  if (touch.rfind(kConfigKeys, 0) == 0)
    return key_problem(touch.substr(kConfigKeys.size()), schema, forbidden);
  return file_problem(touch);
}

}  // namespace

std::string touches_problem(const std::vector<std::string>& touches, const json::object& schema,
                            const std::vector<std::string>& forbidden) {
  for (const std::string& touch : touches)
    if (const auto problem = touch_problem(touch, schema, forbidden); !problem.empty())
      return "\"" + touch + "\": " + problem;
  return {};
}

}  // namespace jarvis
