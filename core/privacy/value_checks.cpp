#include "core/privacy/value_checks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "core/privacy/characters.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kShortestPassword = 4;
constexpr std::size_t kShortestPlainWord = 6;
constexpr std::size_t kShortestKey = 8;
constexpr std::size_t kShortestBareKey = 12;
constexpr std::size_t kShortestLetterKey = 20;
constexpr std::size_t kLongestProse = 5;  ///< words

bool is_name(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
}

template <class Wanted>
bool any(std::string_view text, Wanted wanted) {
  return std::any_of(text.begin(), text.end(), wanted);
}
template <class Wanted>
bool all(std::string_view text, Wanted wanted) {
  return std::all_of(text.begin(), text.end(), wanted);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

/** "${PASSWORD}", "$TOKEN", "{{ secret }}", "<your key>", "%(password)s", "[removed]". A hash
 * ("$2b$12$…") is none. */
bool is_reference(std::string_view value) {
  const char first = value.front();
  if (first == '$') return value.size() > 1 && !is_digit(value[1]) && !contains(value, "$6$");
  if (first == '{' || first == '<' || first == '[' || first == '%') return true;
  return contains(value, "://") || contains(value, "${") || contains(value, "{{") ||
         contains(value, "environ") || contains(value, "process.env") || contains(value, "getenv");
}

/** "********", "xxxx", "...". */
bool is_filler(std::string_view value) {
  return all(value, [&](char c) { return c == value.front(); }) || all(value, [](char c) {
           return std::string_view("*xX.-_#?/").find(c) != std::string_view::npos;
         });
}

/** What stands where a secret would in code, schemas, forms and examples. */
bool is_common_word(std::string_view value) {
  static constexpr std::array<std::string_view, 65> kWords{
      "none",       "null",       "nil",      "true",     "false",     "undefined",  "string",
      "str",        "text",       "bytes",    "byte",     "char",      "number",     "integer",
      "bool",       "boolean",    "object",   "array",    "any",       "void",       "optional",
      "required",   "default",    "password", "passwd",   "pass",      "pwd",        "secret",
      "token",      "key",        "value",    "hidden",   "input",     "prompt",     "username",
      "user",       "email",      "empty",    "missing",  "invalid",   "valid",      "expired",
      "unknown",    "error",      "varchar",  "self",     "this",      "config",     "settings",
      "redacted",   "removed",    "basic",    "bearer",   "auth",      "secretstr",  "credentials",
      "passphrase", "changed",    "enabled",  "disabled", "incorrect", "deprecated", "include",
      "omit",       "same-origin"};
  const std::string low = lower(value);
  return std::find(kWords.begin(), kWords.end(), low) != kWords.end();
}

/** A label or a sentence about a password. */
bool is_prose(std::string_view value) {
  const auto blanks = static_cast<std::size_t>(std::count(value.begin(), value.end(), ' '));
  if (blanks == 0) return false;
  const std::string low = lower(value);
  for (const std::string_view word :
       {"password", "passwort", "passphrase", "secret", "token", "enter", "your", "must", "please",
        "required", "invalid", "incorrect", "forgot", "confirm", "should", "not "})
    if (contains(low, word)) return true;
  return blanks >= kLongestProse && !any(value, is_digit);
}

bool is_quoted(const Finding& finding) {
  return finding.begin > 0 &&
         std::string_view("\"'`").find(finding.text[finding.begin - 1]) != std::string_view::npos;
}

bool is_newline_at(std::string_view text, std::size_t at) {
  if (text[at] == '\n' || text[at] == '\r') return true;
  return text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == 'n' || text[at + 1] == 'r');
}

bool ends_line(const Finding& finding) {
  std::size_t at = finding.end;
  while (at < finding.text.size() && (finding.text[at] == ' ' || finding.text[at] == '\t')) ++at;
  return at == finding.text.size() || is_newline_at(finding.text, at) || finding.text[at] == '#' ||
         finding.text[at] == '"';
}

std::size_t name_begin(const Finding& finding) {
  std::size_t at = finding.rule_begin;
  while (at > 0 && is_name(finding.text[at - 1])) --at;
  return at;
}

/** "password: …" and "- password = …" at the beginning of a line. */
bool begins_line(const Finding& finding) {
  std::size_t at = name_begin(finding);
  if (at > 0 && finding.text[at - 1] == '\\') return true;
  while (at > 0 && std::string_view(" \t-*").find(finding.text[at - 1]) != std::string_view::npos)
    --at;
  return at == 0 || finding.text[at - 1] == '\n' || finding.text[at - 1] == '"';
}

/** "DB_PASSWORD=…" */
bool is_environment_style(const Finding& finding) {
  if (finding.text[finding.begin - 1] != '=') return false;
  std::size_t at = name_begin(finding);
  if (at > 0 && finding.text[at - 1] == '\\') ++at;
  const std::string_view name = finding.text.substr(at, finding.begin - 1 - at);
  return all(name, [](char c) { return !std::islower(static_cast<unsigned char>(c)); });
}

/** "settings.password", "tokens[0]", "read_secret(path)", "a->b". */
bool is_code(std::string_view value) {
  if (contains(value, "(") || contains(value, "[") || contains(value, "->") || value.back() == ':')
    return true;
  return contains(value, ".") &&
         all(value, [](char c) { return is_letter(c) || c == '_' || c == '.'; });
}

bool is_path(std::string_view value) {
  return (value.front() == '/' || value.front() == '~' || value.substr(0, 2) == "./") &&
         std::count(value.begin(), value.end(), '/') > 1;
}

bool is_date(std::string_view value) {
  return value.size() >= 10 && is_digit(value[0]) && is_digit(value[3]) && value[4] == '-' &&
         is_digit(value[5]) && value[7] == '-';
}

/** "OPENAI_API_KEY_2": the name of a variable. */
bool is_variable(std::string_view value) {
  return contains(value, "_") && all(value, [](char c) {
           return std::isupper(static_cast<unsigned char>(c)) || is_digit(c) || c == '_';
         });
}

bool is_plain_word(std::string_view value) {
  return all(value, [](char c) { return is_letter(c) || c == '_' || c == '-' || c == '.'; });
}

bool bare_password(const Finding& finding) {
  const std::string_view value = finding.secret();
  if (is_code(value) || is_path(value)) return false;
  if (is_environment_style(finding)) return true;
  if (!is_plain_word(value)) return true;
  return value.size() >= kShortestPlainWord && !contains(value, "_") && !contains(value, ".") &&
         begins_line(finding) && ends_line(finding);
}

}  // namespace

bool is_password(std::string_view value) {
  return value.size() >= kShortestPassword && !is_reference(value) && !is_filler(value) &&
         !is_common_word(value) && !is_prose(value);
}

bool is_key(std::string_view value) {
  if (value.size() < kShortestKey || is_reference(value) || is_filler(value) || is_path(value) ||
      is_date(value) || is_variable(value) || contains(value, " "))
    return false;
  const bool digits = any(value, is_digit), letters = any(value, is_letter);
  if (digits) return letters;
  return value.size() >= kShortestLetterKey && !contains(value, "_") && !contains(value, "-") &&
         !contains(value, ".") &&
         any(value, [](char c) { return std::isupper(static_cast<unsigned char>(c)); }) &&
         any(value, [](char c) { return std::islower(static_cast<unsigned char>(c)); });
}

bool password_value(const Finding& finding) {
  return is_password(finding.secret()) && (is_quoted(finding) || bare_password(finding));
}

bool key_value(const Finding& finding) {
  const std::string_view value = finding.secret();
  if (!is_key(value)) return false;
  if (is_quoted(finding)) return true;
  if (is_code(value)) return false;
  return is_environment_style(finding) || (value.size() >= kShortestBareKey &&
                                           std::count_if(value.begin(), value.end(), is_digit) > 1);
}

bool argument_value(const Finding& finding) {
  const std::string_view value = finding.secret();
  return is_quoted(finding) && is_password(value) && !contains(value, " ") && !is_path(value) &&
         !is_variable(value) && !is_plain_word(value);
}

bool flag_value(const Finding& finding) {
  const std::string_view value = finding.secret();
  return is_password(value) && (is_quoted(finding) || (!is_plain_word(value) && !is_code(value))) &&
         !is_path(value) && !is_variable(value);
}

bool strict_value(const Finding& finding) {
  const std::string_view value = finding.secret();
  return is_password(value) && any(value, is_digit) && any(value, is_letter) && !is_path(value) &&
         !is_variable(value) && !is_code(value) && !contains(value, " ") && !contains(value, "/") &&
         !contains(value, "::");
}

bool url_password(const Finding& finding) {
  const std::string_view value = finding.secret();
  return !is_reference(value) && !is_common_word(value) && !is_filler(value) && value != "pw";
}

}  // namespace jarvis
