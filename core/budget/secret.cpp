#include "core/budget/secret.hpp"

#include <algorithm>
#include <cstdlib>

namespace jarvis {

namespace {

std::string trimmed(const std::string& text) {
  constexpr const char* kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " or ") + name;
  return text;
}

}  // namespace

Secret Secret::of(std::string value) {
  Secret secret;
  secret.value_ = std::move(value);
  return secret;
}

Result<Secret> Secret::from_environment(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const char* value = std::getenv(name.c_str());
    Secret secret = of(trimmed(value ? value : ""));
    if (secret.empty()) continue;
    if (std::any_of(secret.value_.begin(), secret.value_.end(),
                    [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      return Error{ErrorKind::configuration,
                   "environment variable '" + name + "' holds control characters",
                   "set " + name + " to the key alone"};
    secret.source_ = name;
    return secret;
  }
  return Error{ErrorKind::unavailable,
               "no key: environment variable " + listed(names) + " is not set",
               "export " + (names.empty() ? std::string("the key") : names.front()) + "=…"};
}

}  // namespace jarvis
