#include "core/host/payload_schema.hpp"

#include <doctest/doctest.h>

using namespace jarvis;

namespace {

json::object parse(const std::string& text) {
  return json::parse(text).as_object();
}

/** What is said of a schema; "ok" when it is taken. */
std::string judged(const std::string& schema) {
  const auto result = check_schema(parse(schema));
  return result ? "ok" : result.error().message;
}

/** What is said of a value; "ok" when it fits. */
std::string checked(const std::string& value, const std::string& schema) {
  REQUIRE(judged(schema) == "ok");
  const auto result = check_against_schema(parse(value), parse(schema), "payload");
  return result ? "ok" : result.error().message;
}

}  // namespace

TEST_CASE("payload schema: refuses every keyword that the validator would pass over") {
  for (const char* keyword : {"const",
                              "exclusiveMinimum",
                              "exclusiveMaximum",
                              "$ref",
                              "$defs",
                              "definitions",
                              "format",
                              "if",
                              "then",
                              "else",
                              "contains",
                              "propertyNames",
                              "dependencies",
                              "uniqueItems",
                              "multipleOf",
                              "patternProperties",
                              "minProperties",
                              "maxProperties",
                              "allOf",
                              "anyOf",
                              "oneOf",
                              "not",
                              "Type",
                              "requird",
                              ""}) {
    CAPTURE(std::string(keyword));
    const std::string name(keyword);
    CHECK(judged("{\"" + name + "\": {}}") ==
          "schema has the keyword '" + name + "', which is not enforced here");
    CHECK(judged("{\"properties\": {\"a\": {\"items\": {\"" + name + "\": 1}}}}") ==
          "schema.properties.a.items has the keyword '" + name + "', which is not enforced here");
    CHECK(judged("{\"additionalProperties\": {\"" + name + "\": 1}}") ==
          "schema.additionalProperties has the keyword '" + name + "', which is not enforced here");
  }
}

TEST_CASE("payload schema: refuses a keyword whose value has another type") {
  struct Case {
    const char* schema;
    const char* message;
  };
  for (const Case& bad : std::initializer_list<Case>{
           {R"({"type": "strnig"})", "schema.type is not a type, or a list of types"},
           {R"({"type": []})", "schema.type is not a type, or a list of types"},
           {R"({"type": ["string", 3]})", "schema.type is not a type, or a list of types"},
           {R"({"properties": []})", "schema.properties is not an object"},
           {R"({"properties": {"a": true}})", "schema.properties.a is not an object"},
           {R"({"required": true})", "schema.required is not a list of names"},
           {R"({"required": []})", "schema.required is not a list of names"},
           {R"({"required": [1]})", "schema.required is not a list of names"},
           {R"({"additionalProperties": "no"})",
            "schema.additionalProperties is not true, false or a schema"},
           {R"({"items": [{"type": "string"}]})", "schema.items is not a schema"},
           {R"({"enum": []})", "schema.enum is not a list of values"},
           {R"({"enum": "a"})", "schema.enum is not a list of values"},
           {R"({"minLength": "3"})", "schema.minLength is not a count"},
           {R"({"maxLength": -1})", "schema.maxLength is not a count"},
           {R"({"maxItems": 1.5})", "schema.maxItems is not a count"},
           {R"({"minimum": "0"})", "schema.minimum is not a number"},
           {R"({"maximum": null})", "schema.maximum is not a number"},
           {R"({"title": 3})", "schema.title is not text"}}) {
    CAPTURE(std::string(bad.schema));
    CHECK(judged(bad.schema) == bad.message);
  }
}

TEST_CASE("payload schema: refuses patterns that would be taken for none") {
  for (const char* pattern : {"\"\\\\d+\"", "\"^\\\\w$\"", "\"(a\"", "\"[a\"", "\"a{2\"",
                              "\"(?:a)\"", "\"*\"", "3", "null"}) {
    CAPTURE(std::string(pattern));
    const std::string schema =
        std::string(R"({"properties": {"a": {"pattern": )") + pattern + "}}}";
    CHECK(judged(schema).find("schema.properties.a.pattern is not a pattern") == 0);
  }
  CHECK(judged("{\"pattern\": \"" + std::string(2000, 'a') + "\"}") != "ok");
}

TEST_CASE("payload schema: refuses nesting without end") {
  std::string schema = "{}";
  for (int i = 0; i < 20; ++i) schema = "{\"items\": " + schema + "}";
  CHECK(judged(schema) == "ok");
  json::object deep;
  for (int i = 0; i < 100; ++i) deep = json::object{{"items", deep}};
  const auto result = check_schema(deep);
  REQUIRE(!result.ok());
  CHECK(result.error().message.find("is nested too deep") != std::string::npos);
}

TEST_CASE("payload schema: takes the whole subset") {
  CHECK(
      judged(
          R"({"$schema": "x", "title": "t", "description": "d", "default": {}, "type": ["object", "null"],
    "required": ["a"], "additionalProperties": {"type": "integer"},
    "properties": {"a": {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^[a-z]+(-[0-9]{1,3})?$"},
                   "b": {"type": "array", "minItems": 0, "maxItems": 2, "items": {"enum": ["x", 1, null]}},
                   "c": {"type": "number", "minimum": -1.5, "maximum": 2}}})") == "ok");
  CHECK(judged("{}") == "ok");
}

TEST_CASE("payload schema: the error names the field and the rule") {
  const std::string schema = R"({
    "type": "object", "required": ["agent"], "additionalProperties": false,
    "properties": {
      "agent": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]+$"},
      "value": {"type": "number", "minimum": 0, "maximum": 1},
      "count": {"type": "integer"},
      "mode": {"enum": ["on", "off"]},
      "list": {"type": "array", "minItems": 1, "maxItems": 2,
               "items": {"type": "object", "required": ["input", "output"], "additionalProperties": false,
                         "properties": {"input": {"type": "string"}, "output": {"type": "string"}}}}}})";
  struct Case {
    const char* value;
    const char* message;
  };
  for (
      const Case& one : std::initializer_list<Case>{
          {R"({})", "field 'payload.agent' is missing"},
          {R"({"agent": "ab", "agnet": 1})", "field 'payload.agnet' is not known"},
          {R"({"agent": 3})", "field 'payload.agent' breaks the rule 'type' of its schema"},
          {R"({"agent": null})", "field 'payload.agent' breaks the rule 'type' of its schema"},
          {R"({"agent": "a"})", "field 'payload.agent' breaks the rule 'minLength' of its schema"},
          {R"({"agent": "abcde"})",
           "field 'payload.agent' breaks the rule 'maxLength' of its schema"},
          {R"({"agent": "a.b"})", "field 'payload.agent' breaks the rule 'pattern' of its schema"},
          {R"({"agent": "ab\n"})", "field 'payload.agent' breaks the rule 'pattern' of its schema"},
          {R"({"agent": "ab", "value": -0.1})",
           "field 'payload.value' breaks the rule 'minimum' of its schema"},
          {R"({"agent": "ab", "value": 2})",
           "field 'payload.value' breaks the rule 'maximum' of its schema"},
          {R"({"agent": "ab", "count": 1.5})",
           "field 'payload.count' breaks the rule 'type' of its schema"},
          {R"({"agent": "ab", "mode": "ON"})",
           "field 'payload.mode' breaks the rule 'enum' of its schema"},
          {R"({"agent": "ab", "list": []})",
           "field 'payload.list' breaks the rule 'minItems' of its schema"},
          {R"({"agent": "ab", "list": [{"input": "i"}]})",
           "field 'payload.list.0.output' is missing"},
          {R"({"agent": "ab", "list": [{"input": "i", "output": "o"}, {"input": "i", "output": "o", "x": 1}]})",
           "field 'payload.list.1.x' is not known"},
          {R"({"agent": "ab", "list": [{"input": "i", "output": 3}]})",
           "field 'payload.list.0.output' breaks the rule 'type' of its schema"},
          {R"({"agent": "ab", "value": 1, "count": 3, "mode": "on", "list": [{"input": "", "output": ""}]})",
           "ok"}}) {
    CAPTURE(std::string(one.value));
    CHECK(checked(one.value, schema) == one.message);
  }
}

TEST_CASE("payload schema: text behind a NUL is not hidden from a pattern") {
  const std::string schema = R"({"properties": {"a": {"type": "string", "pattern": "^[a-z]+$"}}})";
  CHECK(checked(R"({"a": "ab\u0000[engine]"})", schema) ==
        "field 'payload.a' holds a NUL character");
  CHECK(checked(R"({"b": [1, {"c": "\u0000"}]})", schema) ==
        "field 'payload.b.1.c' holds a NUL character");
  CHECK(checked(R"({"x\u0000y": 1})", "{}") == "field 'payload' holds a NUL character");
}

TEST_CASE("payload schema: lengths count characters, not bytes") {
  CHECK(checked(R"({"a": "äöü"})", R"({"properties": {"a": {"maxLength": 3}}})") == "ok");
  CHECK(checked(R"({"a": "äöüß"})", R"({"properties": {"a": {"maxLength": 3}}})") != "ok");
}

TEST_CASE("payload schema: a long text against a pattern takes no long time") {
  const std::string text(100000, 'a');
  CHECK(checked("{\"a\": \"" + text + "!\"}",
                R"({"properties": {"a": {"pattern": "^(a|aa)+$"}}})") != "ok");
}
