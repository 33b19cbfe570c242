#include "core/privacy/known_secrets.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <jarvis/text/toml_document.hpp>
#include <sstream>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kShortest = 8;
constexpr std::size_t kLongest = 16384;
constexpr std::size_t kShortestWord = 16;  ///< letters alone

bool looks_secret(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  // "KEY" is a part of many a harmless word, and counts as a word of its own only.
  const std::string framed = "_" + upper + "_";
  static constexpr std::array<std::string_view, 9> kWords{
      "_KEY_", "_KEYS_", "APIKEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "_PASS_"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return framed.find(word) != std::string::npos; });
}

void keep(std::string value, std::vector<std::string>& secrets) {
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
      value.front() == value.back())
    value = value.substr(1, value.size() - 2);
  if (is_distinctive_secret(value)) secrets.push_back(std::move(value));
}

void collect(const json::value& value, std::vector<std::string>& secrets) {
  if (value.is_string()) keep(std::string(value.as_string()), secrets);
  if (value.is_array())
    for (const json::value& item : value.as_array()) collect(item, secrets);
  if (value.is_object())
    for (const auto& [key, item] : value.as_object()) collect(item, secrets);
}

void collect_lines(const std::string& text, std::vector<std::string>& secrets) {
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const std::size_t sign = line.find('=');
    if (sign != std::string::npos) keep(line.substr(sign + 1), secrets);
  }
}

}  // namespace

bool is_distinctive_secret(std::string_view value) {
  if (value.size() < kShortest || value.size() > kLongest) return false;
  if (value.front() == '/' || value.front() == '~' || value.front() == '.') return false;
  const bool address = value.find("://") != std::string_view::npos;
  if (address && value.find('@') == std::string_view::npos) return false;
  const auto all = [&](auto wanted) { return std::all_of(value.begin(), value.end(), wanted); };
  if (all([](unsigned char c) { return std::isdigit(c); })) return value.size() >= kShortestWord;
  if (all([](unsigned char c) { return std::isalpha(c) || c == '-' || c == '_' || c == ' '; }))
    return value.size() >= kShortestWord && value.find(' ') == std::string_view::npos;
  return true;
}

std::vector<std::string> secrets_of_credential_files(const HomeView& home) {
  std::vector<std::string> secrets;
  if (const auto lines = home.read("cloud-keys.env")) collect_lines(*lines, secrets);
  const auto credentials = home.read("credentials.toml");
  if (!credentials) return secrets;
  try {
    collect(text::TomlDocument::parse(*credentials, "credentials.toml").values(), secrets);
  } catch (const std::exception&) {
    // Not TOML: its lines are taken as they are.
    collect_lines(*credentials, secrets);
  }
  return secrets;
}

std::vector<std::string> secrets_of_environment() {
  std::vector<std::string> secrets;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view variable(*entry);
    const std::size_t sign = variable.find('=');
    if (sign == std::string_view::npos || !looks_secret(variable.substr(0, sign))) continue;
    const std::string_view value = variable.substr(sign + 1);
    if (is_distinctive_secret(value)) secrets.emplace_back(value);
  }
  return secrets;
}

}  // namespace jarvis
