#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <jarvis/sdk/failure.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis::sdk {

/** JSON is Boost.JSON throughout the SDK. It never crosses the border: text does. */
namespace json = boost::json;

/** Parses text that must be one JSON object. Throws Failure(JARVIS_INVALID) naming `what`
 * ("request", "answer of http"). */
inline json::object parse_object(std::string_view text, std::string_view what) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) throw invalid(std::string(what) + " is not JSON: " + error.message());
  if (!value.is_object()) throw invalid(std::string(what) + " is not a JSON object");
  return std::move(value.as_object());
}

/** The string at `key`. Throws Failure(JARVIS_INVALID) when it is missing or of another type. */
inline std::string required_string(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value) throw invalid("field '" + std::string(key) + "' is missing");
  if (!value->is_string()) throw invalid("field '" + std::string(key) + "' is not a string");
  return std::string(value->as_string());
}

/** The string at `key`, or `fallback` when it is missing, null or of another type. */
inline std::string optional_string(const json::object& object, std::string_view key,
                                   std::string_view fallback = {}) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value || !value->is_string()) return std::string(fallback);
  return std::string(value->as_string());
}

/** The number at `key`, whole or not, or nothing when it is missing, null or not a number. */
inline std::optional<double> optional_number(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

/** The whole number at `key`, or `fallback` when it is missing, null, not a number or out of range.
 */
inline std::int64_t optional_integer(const json::object& object, std::string_view key,
                                     std::int64_t fallback = 0) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  if (!value || !value->is_number()) return fallback;
  boost::system::error_code error;
  const std::int64_t number = value->to_number<std::int64_t>(error);
  return error ? fallback : number;
}

/** The boolean at `key`, or `fallback` when it is missing, null or of another type. */
inline bool optional_bool(const json::object& object, std::string_view key, bool fallback = false) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value && value->is_bool() ? value->as_bool() : fallback;
}

/** The object at `key`, or an empty one when it is missing or of another type. */
inline json::object optional_object(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value && value->is_object() ? value->as_object() : json::object();
}

/** The array at `key`, or an empty one when it is missing or of another type. */
inline json::array optional_array(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(json::string_view(key.data(), key.size()));
  return value && value->is_array() ? value->as_array() : json::array();
}

/** The strings of an array, in order; items of other types are left out. */
inline std::vector<std::string> strings_of(const json::array& array) {
  std::vector<std::string> strings;
  for (const json::value& value : array)
    if (value.is_string()) strings.emplace_back(value.as_string());
  return strings;
}

}  // namespace jarvis::sdk
