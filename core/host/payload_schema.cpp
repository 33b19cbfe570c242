#include "core/host/payload_schema.hpp"

#include <stdexcept>

// The validator's own assertions must end one request, not the program.
#define RAPIDJSON_ASSERT(x)                                    \
  do {                                                         \
    if (!(x)) throw std::logic_error("schema validator: " #x); \
  } while (false)
#define RAPIDJSON_HAS_STDSTRING 1
#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <array>
#include <utility>

namespace jarvis {

namespace {

constexpr int kDepthLimit = 32;
constexpr std::size_t kPatternLimit = 1000;

constexpr std::array<std::string_view, 7> kTypes{"null",   "boolean", "object", "array",
                                                 "number", "string",  "integer"};

bool is_type(const json::value& value) {
  return value.is_string() && std::find(kTypes.begin(), kTypes.end(),
                                        std::string_view(value.as_string())) != kTypes.end();
}

bool is_list(const json::value& value, bool (*is_item)(const json::value&)) {
  return value.is_array() && !value.as_array().empty() &&
         std::all_of(value.as_array().begin(), value.as_array().end(), is_item);
}

bool is_text(const json::value& value) {
  return value.is_string();
}
bool is_anything(const json::value&) {
  return true;
}
bool is_type_or_types(const json::value& value) {
  return is_type(value) || is_list(value, is_type);
}
bool is_texts(const json::value& value) {
  return is_list(value, is_text);
}
bool is_values(const json::value& value) {
  return is_list(value, is_anything);
}
bool is_number(const json::value& value) {
  return value.is_number();
}
bool is_object(const json::value& value) {
  return value.is_object();
}
bool is_schema_or_bool(const json::value& value) {
  return value.is_object() || value.is_bool();
}

bool is_length(const json::value& value) {
  return value.is_uint64() || (value.is_int64() && value.as_int64() >= 0);
}

/** The validator takes a pattern that it cannot compile for none at all. */
bool is_usable_pattern(const json::value& value) {
  if (!value.is_string() || value.as_string().size() > kPatternLimit) return false;
  try {
    return rapidjson::internal::Regex(value.as_string().c_str()).IsValid();
  } catch (const std::logic_error&) {
    return false;
  }
}

struct Keyword {
  std::string_view name;
  bool (*is_usable)(const json::value&);
  std::string_view wanted;
};

constexpr std::array<Keyword, 17> kKeywords{{
    {"type", is_type_or_types, "a type, or a list of types"},
    {"properties", is_object, "an object"},
    {"required", is_texts, "a list of names"},
    {"additionalProperties", is_schema_or_bool, "true, false or a schema"},
    {"items", is_object, "a schema"},
    {"enum", is_values, "a list of values"},
    {"minLength", is_length, "a count"},
    {"maxLength", is_length, "a count"},
    {"minItems", is_length, "a count"},
    {"maxItems", is_length, "a count"},
    {"minimum", is_number, "a number"},
    {"maximum", is_number, "a number"},
    {"pattern", is_usable_pattern,
     "a pattern of the kind that is enforced here (no classes such as \\d)"},
    {"$schema", is_text, "text"},
    {"title", is_text, "text"},
    {"description", is_text, "text"},
    {"default", is_anything, "a value"},
}};

std::string check_part(const json::value& part, const std::string& where, int depth);

std::string check_keyword(const json::key_value_pair& entry, const std::string& where, int depth) {
  const std::string key(entry.key());
  const auto keyword = std::find_if(kKeywords.begin(), kKeywords.end(),
                                    [&](const Keyword& known) { return known.name == key; });
  if (keyword == kKeywords.end())
    return where + " has the keyword '" + key + "', which is not enforced here";
  if (!keyword->is_usable(entry.value()))
    return where + "." + key + " is not " + std::string(keyword->wanted);
  if (key == "properties") {
    for (const auto& [name, part] : entry.value().as_object())
      if (auto problem = check_part(part, where + ".properties." + std::string(name), depth + 1);
          !problem.empty())
        return problem;
  } else if (key == "items" || (key == "additionalProperties" && entry.value().is_object())) {
    return check_part(entry.value(), where + "." + key, depth + 1);
  }
  return {};
}

/** What is wrong with a schema, or nothing. */
std::string check_part(const json::value& part, const std::string& where, int depth) {
  if (depth > kDepthLimit) return where + " is nested too deep";
  if (!part.is_object()) return where + " is not an object";
  for (const json::key_value_pair& entry : part.as_object())
    if (auto problem = check_keyword(entry, where, depth); !problem.empty()) return problem;
  return {};
}

rapidjson::Document to_rapidjson(const json::object& object) {
  rapidjson::Document document;
  document.Parse(json::serialize(object));
  if (document.HasParseError()) throw std::logic_error("cannot read back serialised JSON");
  return document;
}

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

/** The field below `where` whose text or name holds a NUL, or nothing. */
std::string field_with_nul(const json::value& value, const std::string& where) {
  if (value.is_string()) return has_nul(value.as_string()) ? where : "";
  if (value.is_object())
    for (const auto& [key, part] : value.as_object()) {
      if (has_nul(key)) return where;
      if (auto field = field_with_nul(part, where + "." + std::string(key)); !field.empty())
        return field;
    }
  if (value.is_array())
    for (std::size_t i = 0; i < value.as_array().size(); ++i)
      if (auto field = field_with_nul(value.as_array()[i], where + "." + std::to_string(i));
          !field.empty())
        return field;
  return {};
}

/** The part of `whole` that a JSON pointer names; an empty object where it is none. */
json::object part_at(const json::object& whole, const std::string& pointer) {
  boost::system::error_code error;
  const json::value root(whole);
  const json::value* part = root.find_pointer(pointer, error);
  return part && part->is_object() ? part->as_object() : json::object();
}

/** The validator does not say which required key is missing. */
std::string missing_key(const json::object& value, const json::object& schema) {
  for (const std::string& key : sdk::strings_of(sdk::optional_array(schema, "required")))
    if (!value.contains(key)) return key;
  return {};
}

struct Violation {
  std::string field;  ///< pointer into the value
  std::string rules;  ///< pointer into the schema
  std::string keyword;
};

Error describe(const Violation& violation, const json::object& value, const json::object& schema,
               const std::string& what) {
  std::string field = what + violation.field;
  std::replace(field.begin(), field.end(), '/', '.');
  std::string problem = "breaks the rule '" + violation.keyword + "' of its schema";
  if (violation.keyword == "additionalProperties") problem = "is not known";
  if (violation.keyword == "required") {
    field += "." + missing_key(part_at(value, violation.field), part_at(schema, violation.rules));
    problem = "is missing";
  }
  return {ErrorKind::invalid, "field '" + field + "' " + problem, ""};
}

std::string text_of(const rapidjson::Pointer& pointer) {
  rapidjson::StringBuffer text;
  pointer.Stringify(text);
  return text.GetString();
}

}  // namespace

Result<void> check_schema(const json::object& schema) {
  if (auto problem = check_part(schema, "schema", 0); !problem.empty())
    return Error{ErrorKind::invalid, problem,
                 "use the keywords that docs/plugin-manifest.md lists"};
  return {};
}

Result<void> check_against_schema(const json::object& value, const json::object& schema,
                                  const std::string& what) try {
  if (const auto field = field_with_nul(value, what); !field.empty())
    return Error{ErrorKind::invalid, "field '" + field + "' holds a NUL character", ""};
  const rapidjson::SchemaDocument rules(to_rapidjson(schema));
  rapidjson::SchemaValidator validator(rules);
  if (to_rapidjson(value).Accept(validator)) return {};
  return describe(
      {text_of(validator.GetInvalidDocumentPointer()), text_of(validator.GetInvalidSchemaPointer()),
       validator.GetInvalidSchemaKeyword()},
      value, schema, what);
} catch (const std::exception& error) {
  return Error{ErrorKind::invalid, what + " cannot be checked: " + error.what(), ""};
}

}  // namespace jarvis
