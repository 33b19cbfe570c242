#include "core/home/settings/config_reading.hpp"

#include <algorithm>
#include <cctype>

#include "config/embedded.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

constexpr std::size_t kShortestKey = 8;

/** Values that look like a key wherever they stand. */
bool is_secret_text(const std::string& text) {
  for (const std::string_view start : {"sk-", "xoxb-", "ghp_", "github_pat_", "AKIA", "AIza"})
    if (text.rfind(start, 0) == 0 && text.size() >= kShortestKey) return true;
  return text.find("-----BEGIN") != std::string::npos;
}

/** "https://user:pass@host/" → "https://host/". */
std::string without_user(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t host = scheme + 3, end = text.find('/', host), at = text.rfind('@', end);
  if (at == std::string::npos || at < host) return text;
  return text.substr(0, host) + text.substr(at + 1);
}

/** What a text holds that is JSON itself, as the servers of tools are written; null for any other.
 */
json::value json_in(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || (text[begin] != '[' && text[begin] != '{')) return nullptr;
  boost::system::error_code no_json;
  json::value held = json::parse(text, no_json);
  return no_json ? nullptr : held;
}

void collect_secrets(const json::value& value, bool secret, std::vector<std::string>& secrets) {
  if (value.is_array())
    for (const json::value& item : value.as_array()) collect_secrets(item, secret, secrets);
  if (value.is_object())
    for (const auto& [key, item] : value.as_object())
      collect_secrets(item, secret || looks_secret(std::string(key), item), secrets);
  if (!value.is_string()) return;
  const std::string text(value.as_string());
  const json::value held = json_in(text);
  if (!held.is_null())
    collect_secrets(held, secret, secrets);
  else if (secret || is_secret_text(text))
    secrets.push_back(text);
}

}  // namespace

Result<text::TomlDocument> read_config(const HomeView& home) try {
  const auto text = home.read("config.toml");
  if (!text && text.error().kind != ErrorKind::not_found) return text.error();
  return text::TomlDocument::parse(text ? *text : "", (home.root() / "config.toml").string());
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), "mend config.toml"};
}

text::TomlDocument default_config() {
  return text::TomlDocument::parse(std::string(embedded_file("default.toml")), "default.toml");
}

bool looks_secret(const std::string& key, const json::value& value) {
  const std::string name = lower(key);
  if (name == "env") return value.is_object();
  if (ends_with(name, "tokens") || name.find("per_mtok") != std::string::npos)
    return !value.is_number();
  if (ends_with(name, "_env") && value.is_string())
    return !std::all_of(value.as_string().begin(), value.as_string().end(), [](unsigned char c) {
      return std::isupper(c) || std::isdigit(c) || c == '_';
    });
  for (const std::string_view word :
       {"key", "token", "secret", "password", "passwd", "credential", "auth"})
    if (name.find(word) != std::string::npos) return true;
  return false;
}

json::value redacted(const json::value& value, bool secret) {
  if (value.is_array()) {
    json::array array;
    for (const json::value& item : value.as_array()) array.push_back(redacted(item, secret));
    return array;
  }
  if (value.is_object()) {
    json::object object;
    for (const auto& [key, item] : value.as_object())
      object[key] = redacted(item, secret || looks_secret(std::string(key), item));
    return object;
  }
  if (secret && value.is_number()) return json::value("[removed]");
  if (!value.is_string() || value.as_string().empty()) return value;
  const std::string text(value.as_string());
  const bool stays = secret || is_secret_text(text) || !json_in(text).is_null();
  return json::value(stays ? "[removed]" : without_user(text));
}

Result<json::object> redacted_config(const HomeView& home) {
  const auto user = read_config(home);
  if (!user) return user.error();
  return redacted(user->values(), false).as_object();
}

Result<std::vector<std::string>> secret_config_values(const HomeView& home) {
  const auto user = read_config(home);
  if (!user) return user.error();
  std::vector<std::string> secrets;
  collect_secrets(user->values(), false, secrets);
  return secrets;
}

}  // namespace jarvis
