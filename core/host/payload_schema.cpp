#include "core/host/payload_schema.hpp"

#include <stdexcept>

// The validator's own assertions must end one request, not the program.
#define RAPIDJSON_ASSERT(x) \
  do {                      \
    if (!(x)) throw std::logic_error("schema validator: " #x); \
  } while (false)
#define RAPIDJSON_HAS_STDSTRING 1
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <array>

namespace jarvis {

namespace {

constexpr std::array<std::string_view, 16> kKeywords{
    "type",      "properties", "required", "additionalProperties", "items",
    "enum",      "minLength",  "maxLength", "minItems",            "maxItems",
    "minimum",   "maximum",    "pattern",  "title",                "description",
    "default"};

constexpr int kDepthLimit = 32;

std::string check_part(const json::value& part, const std::string& where, int depth);

std::string check_parts(const json::object& parts, const std::string& where, int depth) {
  for (const auto& [name, part] : parts)
    if (auto problem = check_part(part, where + "." + std::string(name), depth); !problem.empty())
      return problem;
  return {};
}

/** What is wrong with a schema, or nothing. */
std::string check_part(const json::value& part, const std::string& where, int depth) {
  if (depth > kDepthLimit) return where + " is nested too deep";
  if (!part.is_object()) return where + " is not an object";
  for (const auto& [key, value] : part.as_object()) {
    if (std::find(kKeywords.begin(), kKeywords.end(), std::string_view(key)) == kKeywords.end())
      return where + " has the keyword '" + std::string(key) + "', which is not enforced here";
    if (key == "properties") {
      if (!value.is_object()) return where + ".properties is not an object";
      if (auto problem = check_parts(value.as_object(), where, depth + 1); !problem.empty())
        return problem;
    }
    if (key == "items" || (key == "additionalProperties" && !value.is_bool()))
      if (auto problem = check_part(value, where + "." + std::string(key), depth + 1);
          !problem.empty())
        return problem;
  }
  return {};
}

rapidjson::Document to_rapidjson(const json::object& object) {
  rapidjson::Document document;
  document.Parse(json::serialize(object));
  if (document.HasParseError()) throw std::logic_error("cannot read back serialised JSON");
  return document;
}

std::string field_of(const std::string& pointer) {
  std::string field = pointer;
  std::replace(field.begin(), field.end(), '/', '.');
  return field;
}

/** RapidJSON does not say which required key is missing. */
std::string missing_key(const json::object& value, const json::object& schema) {
  for (const std::string& key : sdk::strings_of(sdk::optional_array(schema, "required")))
    if (!value.contains(key)) return key;
  return {};
}

std::string unexpected_key(const json::object& value, const json::object& schema) {
  const json::object properties = sdk::optional_object(schema, "properties");
  for (const auto& [key, ignored] : value)
    if (!properties.contains(key)) return std::string(key);
  return {};
}

Error violation(const json::object& value, const json::object& schema, const std::string& what,
                const std::string& pointer, const std::string& keyword) {
  if (keyword == "required" && pointer.empty())
    return {ErrorKind::invalid, "field '" + what + "." + missing_key(value, schema) + "' is missing",
            ""};
  if (keyword == "additionalProperties" && !unexpected_key(value, schema).empty())
    return {ErrorKind::invalid,
            "field '" + what + "." + unexpected_key(value, schema) + "' is not known", ""};
  return {ErrorKind::invalid,
          "field '" + what + field_of(pointer) + "' breaks the rule '" + keyword + "' of its schema",
          ""};
}

}  // namespace

Result<void> check_schema(const json::object& schema) {
  if (auto problem = check_part(schema, "schema", 0); !problem.empty())
    return Error{ErrorKind::invalid, problem, "use the keywords that docs/plugin-manifest.md lists"};
  return {};
}

Result<void> check_against_schema(const json::object& value, const json::object& schema,
                                  const std::string& what) try {
  const rapidjson::SchemaDocument rules(to_rapidjson(schema));
  rapidjson::SchemaValidator validator(rules);
  if (to_rapidjson(value).Accept(validator)) return {};
  rapidjson::StringBuffer pointer;
  validator.GetInvalidDocumentPointer().Stringify(pointer);
  return violation(value, schema, what, pointer.GetString(), validator.GetInvalidSchemaKeyword());
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, what + " cannot be checked: " + error.what(), ""};
}

}  // namespace jarvis
