#include "plugins/teachers/gemini/schema.hpp"

#include <algorithm>
#include <string>

namespace jarvis::gemini {

namespace {

constexpr const char* kTaken[] = {
    "title",     "description",   "nullable", "format",  "minItems", "maxItems",     "minLength",
    "maxLength", "minProperties", "minimum",  "maximum", "pattern",  "maxProperties"};

/** A list of types is one type that may be null, where it is that. */
void take_type(json::object& taken, const json::object& schema) {
  const json::value* type = schema.if_contains("type");
  if (!type) return;
  if (type->is_string()) taken["type"] = *type;
  if (!type->is_array()) return;
  for (const json::value& one : type->as_array()) {
    if (one == "null")
      taken["nullable"] = true;
    else if (one.is_string() && !taken.contains("type"))
      taken["type"] = one;
  }
}

/** Only texts may be listed. */
void take_values(json::object& taken, const json::object& schema) {
  json::array values = sdk::optional_array(schema, "enum");
  if (const json::value* only = schema.if_contains("const")) values = {*only};
  const bool texts = std::all_of(values.begin(), values.end(),
                                 [](const json::value& value) { return value.is_string(); });
  if (values.empty() || !texts) return;
  taken["type"] = "string";
  taken["enum"] = std::move(values);
}

json::array schemas_of(const json::array& schemas) {
  json::array taken;
  for (const json::value& schema : schemas)
    if (schema.is_object()) taken.push_back(schema_of(schema.as_object()));
  return taken;
}

void take_properties(json::object& taken, const json::object& schema) {
  json::object properties;
  for (const auto& [name, value] : sdk::optional_object(schema, "properties"))
    if (value.is_object()) properties[name] = schema_of(value.as_object());
  json::array required;
  for (const json::value& name : sdk::optional_array(schema, "required"))
    if (name.is_string() && properties.contains(name.as_string())) required.push_back(name);
  if (!properties.empty()) taken["properties"] = std::move(properties);
  if (!required.empty()) taken["required"] = std::move(required);
}

}  // namespace

json::object schema_of(const json::object& schema) {
  json::object taken;
  take_type(taken, schema);
  for (const char* key : kTaken)
    if (const json::value* value = schema.if_contains(key)) taken[key] = *value;
  take_values(taken, schema);
  take_properties(taken, schema);
  if (const auto items = sdk::optional_object(schema, "items"); !items.empty())
    taken["items"] = schema_of(items);
  else if (taken.contains("type") && taken["type"] == "array")
    taken["items"] = json::object{{"type", "string"}};
  for (const char* key : {"anyOf", "oneOf"})
    if (json::array any = schemas_of(sdk::optional_array(schema, key)); !any.empty())
      taken["anyOf"] = std::move(any);
  return taken;
}

}  // namespace jarvis::gemini
