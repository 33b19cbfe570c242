#include "core/host/manifest.hpp"

#include "core/base/atomic_file.hpp"
#include "core/host/payload_schema.hpp"

#include <jarvis/abi/plugin.h>
#include <jarvis/text/toml_document.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kManifestLimit = std::size_t{1} << 20;

constexpr std::array<std::string_view, 5> kInterfaces{
    JARVIS_EDIT_APPLIER_1, JARVIS_DIAGNOSTIC_TOOL_1, JARVIS_TEACHER_ENGINE_1,
    JARVIS_STUDENT_RUNNER_1, JARVIS_JUDGE_1};

json::object schema_in(const json::object& table, std::string_view key) {
  const std::string text = sdk::required_string(table, key);
  json::object schema = sdk::parse_object(text, "key '" + std::string(key) + "'");
  if (auto checked = check_schema(schema); !checked)
    throw sdk::invalid("key '" + std::string(key) + "': " + checked.error().message);
  return schema;
}

void read_applier(const json::object& table, Provided& provided) {
  provided.pillar = sdk::required_string(table, "pillar");
  const std::string tier = sdk::optional_string(table, "tier", "review");
  const auto known = tier_from(tier);
  if (!known) throw sdk::invalid("key 'tier' is '" + tier + "', not auto, review or manual");
  provided.tier = *known;
  provided.payload_schema = schema_in(table, "payload_schema");
  provided.example = sdk::parse_object(sdk::required_string(table, "example"), "key 'example'");
  if (auto checked = check_against_schema(provided.example, provided.payload_schema, "example");
      !checked)
    throw sdk::invalid("key 'example' does not fit the payload schema: " + checked.error().message);
  provided.touches = sdk::strings_of(sdk::optional_array(table, "touches"));
}

Provided read_provided(const json::object& table) {
  Provided provided;
  provided.interface = sdk::required_string(table, "interface");
  if (std::find(kInterfaces.begin(), kInterfaces.end(), provided.interface) == kInterfaces.end())
    throw sdk::invalid("interface '" + provided.interface + "' is not one that this host knows");
  provided.id = sdk::required_string(table, "id");
  if (!is_plugin_name(provided.id))
    throw sdk::invalid("provided id '" + provided.id + "' is not [a-z0-9][a-z0-9_-]{0,63}");
  provided.summary = sdk::optional_string(table, "summary");
  if (provided.interface == JARVIS_EDIT_APPLIER_1) read_applier(table, provided);
  if (provided.interface == JARVIS_DIAGNOSTIC_TOOL_1)
    provided.parameters = schema_in(table, "parameters");
  provided.base_url = sdk::optional_string(table, "base_url");
  provided.key_env = sdk::strings_of(sdk::optional_array(table, "key_env"));
  provided.free_on_private_address = sdk::optional_bool(table, "free_on_private_address");
  provided.serves = sdk::strings_of(sdk::optional_array(table, "serves"));
  provided.honours = sdk::strings_of(sdk::optional_array(table, "honours"));
  provided.tools = sdk::strings_of(sdk::optional_array(table, "tools"));
  provided.offline = sdk::optional_bool(table, "offline");
  return provided;
}

void read_abi(const std::string& text, Manifest& manifest) {
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, manifest.abi_major);
  const bool has_minor = major.ec == std::errc() && major.ptr != end && *major.ptr == '.';
  if (!has_minor || std::from_chars(major.ptr + 1, end, manifest.abi_minor).ptr != end)
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
  manifest.summary = sdk::optional_string(values, "summary");
  manifest.sha256 = sdk::required_string(values, "sha256");
  const std::string library = sdk::required_string(values, "library");
  if (library.empty() || library.find('/') != std::string::npos || library[0] == '.')
    throw sdk::invalid("key 'library' is '" + library + "', not a file name in the plugin's folder");
  manifest.library = directory / library;
  for (const json::value& table : sdk::optional_array(values, "provides")) {
    if (!table.is_object()) throw sdk::invalid("'provides' is not a list of tables");
    manifest.provides.push_back(read_provided(table.as_object()));
  }
  if (manifest.provides.empty()) throw sdk::invalid("it provides nothing: [[provides]] is missing");
  return manifest;
}

}  // namespace

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
    const auto document = text::TomlDocument::parse(*text, file.string());
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
