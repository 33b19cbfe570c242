#include "core/host/manifest.hpp"

#include <jarvis/abi/plugin.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <jarvis/text/toml_document.hpp>

#include "core/base/atomic_file.hpp"
#include "core/host/payload_schema.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kManifestLimit = std::size_t{1} << 20;

constexpr std::array<std::string_view, 5> kInterfaces{
    JARVIS_EDIT_APPLIER_1, JARVIS_DIAGNOSTIC_TOOL_1, JARVIS_TEACHER_ENGINE_1,
    JARVIS_STUDENT_RUNNER_1, JARVIS_JUDGE_1};

// A manifest says what may be done: a key of another type is an error, never the same as a missing
// one.

std::string text_in(const json::object& table, std::string_view key,
                    std::string_view fallback = {}) {
  return table.contains(key) ? sdk::required_string(table, key) : std::string(fallback);
}

bool flag_in(const json::object& table, std::string_view key) {
  const json::value* value = table.if_contains(key);
  if (value && !value->is_bool())
    throw sdk::invalid("key '" + std::string(key) + "' is not true or false");
  return value && value->as_bool();
}

json::array list_in(const json::object& table, std::string_view key) {
  const json::value* value = table.if_contains(key);
  if (value && !value->is_array())
    throw sdk::invalid("key '" + std::string(key) + "' is not a list");
  return value ? value->as_array() : json::array();
}

std::vector<std::string> texts_in(const json::object& table, std::string_view key) {
  const json::array list = list_in(table, key);
  if (!std::all_of(list.begin(), list.end(),
                   [](const json::value& item) { return item.is_string(); }))
    throw sdk::invalid("key '" + std::string(key) + "' is not a list of texts");
  return sdk::strings_of(list);
}

bool is_file_name(const std::string& name) {
  return !name.empty() && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) {
           return std::isalnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
         });
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

json::object schema_in(const json::object& table, std::string_view key) {
  const std::string text = sdk::required_string(table, key);
  json::object schema = sdk::parse_object(text, "key '" + std::string(key) + "'");
  if (auto checked = check_schema(schema); !checked)
    throw sdk::invalid("key '" + std::string(key) + "': " + checked.error().message);
  return schema;
}

void read_applier(const json::object& table, Provided& provided) {
  provided.pillar = sdk::required_string(table, "pillar");
  const std::string tier = text_in(table, "tier", "review");
  const auto known = tier_from(tier);
  if (!known) throw sdk::invalid("key 'tier' is '" + tier + "', not auto, review or manual");
  provided.tier = *known;
  provided.payload_schema = schema_in(table, "payload_schema");
  provided.example = sdk::parse_object(sdk::required_string(table, "example"), "key 'example'");
  if (auto checked = check_against_schema(provided.example, provided.payload_schema, "example");
      !checked)
    throw sdk::invalid("key 'example' does not fit the payload schema: " + checked.error().message);
  provided.touches = texts_in(table, "touches");
}

/** What a dialect's table leaves out is as without it. */
void read_dialects(const json::object& table, Provided& provided) {
  const json::value* dialects = table.if_contains("dialects");
  if (!dialects) return;
  if (!dialects->is_object()) throw sdk::invalid("key 'dialects' is not a table");
  for (const auto& [name, value] : dialects->as_object()) {
    const std::string key = "dialects." + std::string(name);
    if (!value.is_object()) throw sdk::invalid("key '" + key + "' is not a table");
    if (name == kOwnDialect)
      throw sdk::invalid("key '" + key + "' stands for what is written without it");
    const json::object& own = value.as_object();
    const auto list = [&](const char* list_key, const std::vector<std::string>& otherwise) {
      return own.contains(list_key) ? texts_in(own, list_key) : otherwise;
    };
    provided.dialects[std::string(name)] = {text_in(own, "summary", provided.summary),
                                            list("touches", provided.touches),
                                            list("honours", provided.honours)};
  }
}

Provided read_provided(const json::object& table) {
  Provided provided;
  provided.interface = sdk::required_string(table, "interface");
  if (std::find(kInterfaces.begin(), kInterfaces.end(), provided.interface) == kInterfaces.end())
    throw sdk::invalid("interface '" + provided.interface + "' is not one that this host knows");
  provided.id = sdk::required_string(table, "id");
  if (!is_plugin_name(provided.id))
    throw sdk::invalid("provided id '" + provided.id + "' is not [a-z0-9][a-z0-9_-]{0,63}");
  provided.summary = text_in(table, "summary");
  if (provided.interface == JARVIS_EDIT_APPLIER_1) read_applier(table, provided);
  if (provided.interface == JARVIS_DIAGNOSTIC_TOOL_1)
    provided.parameters = schema_in(table, "parameters");
  provided.base_url = text_in(table, "base_url");
  provided.key_env = texts_in(table, "key_env");
  provided.free_on_private_address = flag_in(table, "free_on_private_address");
  provided.serves = texts_in(table, "serves");
  provided.honours = texts_in(table, "honours");
  provided.tools = texts_in(table, "tools");
  provided.offline = flag_in(table, "offline");
  read_dialects(table, provided);
  return provided;
}

void read_abi(const std::string& text, Manifest& manifest) {
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, manifest.abi_major);
  const bool has_minor = major.ec == std::errc() && major.ptr != end && *major.ptr == '.';
  const char* rest = has_minor ? major.ptr + 1 : end;
  const auto minor = std::from_chars(rest, end, manifest.abi_minor);
  if (minor.ec != std::errc() || minor.ptr != end)
    throw sdk::invalid("key 'abi' is '" + text + "', not major.minor");
}

Manifest manifest_of(const json::object& values, const fs::path& directory) {
  Manifest manifest;
  manifest.directory = directory;
  manifest.id = sdk::required_string(values, "id");
  if (!is_plugin_name(manifest.id))
    throw sdk::invalid("key 'id' is '" + manifest.id + "', not [a-z0-9][a-z0-9_-]{0,63}");
  manifest.version = sdk::required_string(values, "version");
  read_abi(sdk::required_string(values, "abi"), manifest);
  manifest.summary = text_in(values, "summary");
  manifest.sha256 = sdk::required_string(values, "sha256");
  if (!is_sha256(manifest.sha256))
    throw sdk::invalid("key 'sha256' is not 64 digits of lower-case hex");
  const std::string isolation = text_in(values, "isolation", "in-process");
  if (isolation != "process" && isolation != "in-process")
    throw sdk::invalid("key 'isolation' is '" + isolation + "', not process or in-process");
  manifest.wants_process = isolation == "process";
  if (values.contains("settings_schema"))
    manifest.settings_schema = schema_in(values, "settings_schema");
  const std::string library = sdk::required_string(values, "library");
  if (!is_file_name(library))
    throw sdk::invalid("key 'library' is '" + library +
                       "', not a file name in the plugin's folder");
  manifest.library = directory / library;
  for (const json::value& table : list_in(values, "provides")) {
    if (!table.is_object()) throw sdk::invalid("'provides' is not a list of tables");
    Provided provided = read_provided(table.as_object());
    if (manifest.find(provided.interface, provided.id))
      throw sdk::invalid("it provides '" + provided.id + "' (" + provided.interface + ") twice");
    manifest.provides.push_back(std::move(provided));
  }
  if (manifest.provides.empty()) throw sdk::invalid("it provides nothing: [[provides]] is missing");
  return manifest;
}

}  // namespace

std::optional<InDialect> Provided::in(const std::string& dialect) const {
  if (dialect == kOwnDialect) return InDialect{summary, touches, honours};
  const auto found = dialects.find(dialect);
  return found == dialects.end() ? std::nullopt : std::make_optional(found->second);
}

const Provided* Manifest::find(const std::string& interface, const std::string& provided_id) const {
  const auto found = std::find_if(provides.begin(), provides.end(), [&](const Provided& provided) {
    return provided.interface == interface && provided.id == provided_id;
  });
  return found == provides.end() ? nullptr : &*found;
}

Result<Manifest> read_manifest(const fs::path& directory) {
  const fs::path file = directory / "plugin.toml";
  const auto text = read_file(file, kManifestLimit);
  if (!text) return text.error();
  try {
    const auto document = text::TomlDocument::parse(*text, "plugin.toml");
    return manifest_of(document.values(), directory);
  } catch (const sdk::Failure& failure) {
    return Error{ErrorKind::invalid, "manifest '" + file.string() + "': " + failure.what(),
                 "mend it as docs/plugin-manifest.md says"};
  }
}

bool is_plugin_name(const std::string& name) {
  const auto lower_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= 64 && lower_or_digit(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return lower_or_digit(c) || c == '_' || c == '-'; });
}

}  // namespace jarvis
