#include "core/host/check/manifest_check.hpp"

#include <jarvis/abi/plugin.h>

#include <algorithm>
#include <jarvis/text/toml_document.hpp>

#include "core/base/atomic_file.hpp"
#include "core/host/payload_schema.hpp"
#include "core/host/plugin_function.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr const char* kMendManifest = "see docs/plugin-manifest.md";
constexpr std::size_t kManifestLimit = std::size_t{1} << 20;

using Keys = std::vector<const char*>;

bool is_known(const std::string& interface) {
  return std::any_of(std::begin(kPluginFunctions), std::end(kPluginFunctions),
                     [&](PluginFunction function) { return interface_of(function) == interface; });
}

bool has_something(const json::object& table, const char* key) {
  const json::value* value = table.if_contains(key);
  if (!value) return false;
  return !value->is_string() ||
         value->as_string().find_first_not_of(" \t\r\n") != json::string::npos;
}

std::string missing_keys(const json::object& table, const Keys& keys) {
  std::string missing;
  for (const char* key : keys)
    if (!has_something(table, key))
      missing += (missing.empty() ? "missing or empty: " : ", ") + std::string(key);
  return missing;
}

Keys keys_of(const std::string& interface) {
  Keys keys{"interface", "id", "summary"};
  if (interface == JARVIS_EDIT_APPLIER_1)
    keys.insert(keys.end(), {"pillar", "tier", "touches", "payload_schema", "example"});
  if (interface == JARVIS_DIAGNOSTIC_TOOL_1) keys.push_back("parameters");
  return keys;
}

/** A schema that stands as text in a table. */
Result<json::object> schema_in(const json::object& table, const char* key) try {
  json::object schema = sdk::parse_object(sdk::required_string(table, key), key);
  if (auto checked = check_schema(schema); !checked) return checked.error();
  return schema;
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::invalid, failure.what(), ""};
}

std::string problem_of(const Result<json::object>& result) {
  return result ? "" : result.error().message;
}

/** Goes through one manifest; every key that is wrong is a line of the report. */
class ManifestCheck {
 public:
  ManifestCheck(const json::object& values, const std::vector<std::string>& forbidden,
                CheckReport& report)
      : values_(values), forbidden_(forbidden), report_(report) {}

  void run() {
    report_.judge("plugin.toml says what the plugin is",
                  missing_keys(values_, {"id", "version", "abi", "summary", "library", "sha256"}),
                  std::string(kMendManifest) + "; jarvis_add_plugin() writes library and sha256");
    if (values_.contains("settings_schema"))
      report_.judge("settings_schema is valid", problem_of(schema_in(values_, "settings_schema")),
                    kMendManifest);
    else
      report_.skip("settings_schema is valid", "the plugin takes no settings");
    for (const json::value& table : sdk::optional_array(values_, "provides"))
      if (table.is_object()) check_provided(table.as_object());
  }

 private:
  void check_provided(const json::object& table) {
    const std::string interface = sdk::optional_string(table, "interface");
    const std::string label = label_of(interface, sdk::optional_string(table, "id"));
    if (!is_known(interface))
      return report_.fail(label + ": is of an interface that this host knows",
                          "it says '" + interface + "'", kMendManifest);
    report_.judge(label + ": has every key", missing_keys(table, keys_of(interface)),
                  kMendManifest);
    if (interface == JARVIS_DIAGNOSTIC_TOOL_1)
      report_.judge(label + ": parameters is a valid schema",
                    problem_of(schema_in(table, "parameters")), kMendManifest);
    if (interface == JARVIS_EDIT_APPLIER_1) check_op(label, table);
  }

  void check_op(const std::string& label, const json::object& table) {
    const auto schema = schema_in(table, "payload_schema");
    report_.judge(label + ": payload_schema is valid", problem_of(schema), kMendManifest);
    const std::string fits = label + ": its example fits payload_schema";
    const std::string touches = label + ": touches only what an op may";
    if (!schema) {
      report_.skip(fits, "payload_schema is to be mended first");
      report_.skip(touches, "payload_schema is to be mended first");
      return;
    }
    report_.judge(fits, example_problem(table, *schema), "mend the example or the schema");
    report_.judge(
        touches, touches_problem(all_touches(table), *schema, forbidden_),
        "name the files and keys that the op changes and no others, {field} for a field of "
        "the payload");
  }

  /** Those of every dialect. */
  static std::vector<std::string> all_touches(const json::object& table) {
    std::vector<std::string> all = sdk::strings_of(sdk::optional_array(table, "touches"));
    for (const auto& [name, dialect] : sdk::optional_object(table, "dialects"))
      if (dialect.is_object())
        for (std::string& touch :
             sdk::strings_of(sdk::optional_array(dialect.as_object(), "touches")))
          all.push_back(std::move(touch));
    return all;
  }

  static std::string example_problem(const json::object& table, const json::object& schema) try {
    const json::object example =
        sdk::parse_object(sdk::required_string(table, "example"), "example");
    const auto fits = check_against_schema(example, schema, "example");
    return fits ? "" : fits.error().message;
  } catch (const sdk::Failure& failure) {
    return failure.what();
  }

  const json::object& values_;
  const std::vector<std::string>& forbidden_;
  CheckReport& report_;
};

Result<json::object> read_values(const fs::path& file) try {
  const auto text = read_file(file, kManifestLimit);
  if (!text) return text.error();
  return text::TomlDocument::parse(*text, "plugin.toml").values();
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::invalid, failure.what(), ""};
}

}  // namespace

std::optional<Manifest> check_manifest(const fs::path& folder,
                                       const std::vector<std::string>& forbidden,
                                       CheckReport& report) {
  const auto values = read_values(folder / "plugin.toml");
  if (!report.judge("plugin.toml can be read", problem_of(values), kMendManifest))
    return std::nullopt;
  report.manifest.id = sdk::optional_string(*values, "id");
  report.manifest.version = sdk::optional_string(*values, "version");
  const std::size_t failures = report.failures();
  ManifestCheck(*values, forbidden, report).run();

  const std::string accepted = "the host accepts plugin.toml";
  auto manifest = read_manifest(folder);
  if (!manifest && report.failures() > failures) {
    report.skip(accepted, "what is above is to be mended first");
    return std::nullopt;
  }
  if (!report.judge(accepted, manifest ? "" : manifest.error().message, kMendManifest))
    return std::nullopt;
  report.manifest = *manifest;
  const bool speaks = manifest->abi_major == JARVIS_ABI_MAJOR;
  if (!report.judge("is built for this host's ABI",
                    speaks ? ""
                           : "it was built for ABI " + std::to_string(manifest->abi_major) +
                                 ", this host speaks " + std::to_string(JARVIS_ABI_MAJOR),
                    "build it against the SDK of this host"))
    return std::nullopt;
  return *manifest;
}

}  // namespace jarvis
