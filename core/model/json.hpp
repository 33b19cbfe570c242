#pragma once

#include <jarvis/sdk/json.hpp>
#include <optional>
#include <string>

namespace jarvis {

/** Payloads, settings and documents are JSON; the whole program uses one value type for them. */
namespace json = boost::json;

/** null for an empty text. */
inline json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

inline json::value number_or_null(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

}  // namespace jarvis
