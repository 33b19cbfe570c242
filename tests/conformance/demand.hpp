#pragma once

#include <initializer_list>
#include <jarvis/sdk/json.hpp>
#include <string>
#include <string_view>

namespace jarvis::conformance {

namespace json = boost::json;

/** What a server refuses a request for. */
struct Complaint {
  int status = 400;
  std::string text;
};

inline void demand(bool holds, const std::string& text, int status = 400) {
  if (!holds) throw Complaint{status, text};
}

inline const json::value& field(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  demand(value != nullptr, std::string(name) + ": field required");
  return *value;
}

inline const json::object& as_object(const json::value& value, const std::string& what) {
  demand(value.is_object(), what + ": must be an object");
  return value.as_object();
}

inline const json::object& object_field(const json::object& object, std::string_view name) {
  return as_object(field(object, name), std::string(name));
}

/** A list that is not empty. */
inline const json::array& list_field(const json::object& object, std::string_view name) {
  const json::value& value = field(object, name);
  demand(value.is_array() && !value.as_array().empty(), std::string(name) + ": must be a list");
  return value.as_array();
}

inline std::string any_text_field(const json::object& object, std::string_view name) {
  const json::value& value = field(object, name);
  demand(value.is_string(), std::string(name) + ": must be a text");
  return std::string(value.as_string());
}

/** A text that is not empty. */
inline std::string text_field(const json::object& object, std::string_view name) {
  std::string text = any_text_field(object, name);
  demand(!text.empty(), std::string(name) + ": must not be empty");
  return text;
}

inline void positive_field(const json::object& object, std::string_view name) {
  const json::value& value = field(object, name);
  demand(value.is_int64() && value.as_int64() > 0, std::string(name) + ": must be at least 1");
}

/** No fields but these. */
inline void only(const json::object& object, std::initializer_list<std::string_view> known,
                 const std::string& what) {
  for (const auto& [name, value] : object) {
    bool is_known = false;
    for (const std::string_view one : known)
      is_known = is_known || std::string_view(name.data(), name.size()) == one;
    demand(is_known, what + "." + std::string(name) + ": unknown field");
  }
}

inline void check_name(const std::string& name) {
  demand(!name.empty() && name.size() <= 64 &&
             name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "_-") == std::string::npos,
         "'" + name + "' is no name of a tool");
}

/** A temperature, where there is one, between these. */
inline void check_temperature(const json::object& object, double least, double most) {
  const json::value* value = object.if_contains("temperature");
  if (!value) return;
  demand(value->is_number(), "temperature: must be a number");
  const double temperature = value->to_number<double>();
  demand(temperature >= least && temperature <= most, "temperature: out of range");
}

inline void check_object_schema(const json::object& schema) {
  demand(text_field(schema, "type") == "object", "parameters: must be of type object");
  object_field(schema, "properties");
}

}  // namespace jarvis::conformance
