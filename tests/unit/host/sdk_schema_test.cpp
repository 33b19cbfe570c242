// sdk/schema/ against the code: every example fits its schema, and so does what the SDK writes.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <jarvis/sdk/payload/student_services.hpp>
#include <jarvis/sdk/plugin.hpp>
#include <map>

#include "core/base/atomic_file.hpp"
#include "core/host/payload_schema.hpp"

using namespace jarvis;

namespace fs = std::filesystem;

namespace {

json::object read(const std::string& name, const std::string& kind) {
  const auto text = read_file(fs::path(SDK_SCHEMAS) / (name + "-1." + kind + ".json"));
  REQUIRE_MESSAGE(text.ok(), name);
  return sdk::parse_object(*text, name);
}

std::string fits(const json::object& value, const json::object& schema) {
  const auto result = check_against_schema(value, schema, "payload");
  return result ? "ok" : result.error().message;
}

sdk::Usage usage() {
  return {1, 2, 3, 4, 0.5};
}
sdk::ToolCall call() {
  return {"call-1", "list_traces", {{"limit", 5}}};
}

sdk::GenerateRequest generate_request() {
  sdk::GenerateRequest request;
  request.model = "m";
  request.base_url = "http://127.0.0.1";
  request.system = "s";
  request.messages = {{"user", "hello", {}, {}, {}},
                      {"assistant", "", {call()}, {}, {{"signature", "x"}}},
                      {"tool", "", {}, {{"call-1", "{}", true}}, {}}};
  request.tools = {{"list_traces", "lists", {{"type", "object"}}}};
  request.may_call_tools = false;
  request.temperature = 0.2;
  return request;
}

/** Reads an object into its struct and writes it again. */
using RoundTrip = std::function<json::object(const json::object&)>;

struct Shape {
  json::object filled;   ///< a struct with every field set
  json::object initial;  ///< a struct as it is made
  RoundTrip round_trip;
};

std::map<std::string, Shape> shapes() {
  using json::object;
  return {
      {"edit-request",
       {to_json(sdk::EditRequest{"op", "t", {{"a", 1}}, "/home"}),
        {},
        [](const object& o) { return to_json(sdk::edit_request(o)); }}},
      {"edit-result",
       {to_json(sdk::EditResult{{"config.toml"}, "done"}), to_json(sdk::EditResult{}),
        [](const object& o) { return to_json(sdk::edit_result(o)); }}},
      {"tool-request",
       {to_json(sdk::ToolRequest{"t", {{"a", 1}}}),
        {},
        [](const object& o) { return to_json(sdk::tool_request(o)); }}},
      {"generate-request",
       {to_json(generate_request()),
        {},
        [](const object& o) { return to_json(sdk::generate_request(o)); }}},
      {"generate-result",
       {to_json(sdk::GenerateResult{
            {"assistant", "hi", {call()}, {}, {{"x", 1}}}, "tool_calls", "m", usage()}),
        {},
        [](const object& o) { return to_json(sdk::generate_result(o)); }}},
      {"student-request",
       {to_json(sdk::StudentRequest{
            "/home", "q", "math", "a", "http://h", "m", {"*"}, true, {{"dialect", "jarvis"}}}),
        {},
        [](const object& o) { return to_json(sdk::student_request(o)); }}},
      {"student-result",
       {to_json(sdk::StudentResult{"out",
                                   "m",
                                   2,
                                   {call()},
                                   usage(),
                                   {{"generate", 0, 1, {{"model", "m"}}, {{"content", "out"}}}},
                                   "ollama"}),
        to_json(sdk::StudentResult{}),
        [](const object& o) { return to_json(sdk::student_result(o)); }}},
      {"student-probe",
       {to_json(sdk::ProbeRequest{"/home", "http://h", {{"dialect", "jarvis"}}}),
        {},
        [](const object& o) { return to_json(sdk::probe_request(o)); }}},
      {"student-probe-result",
       {to_json(sdk::ProbeResult{{"m"}}), to_json(sdk::ProbeResult{}),
        [](const object& o) { return to_json(sdk::probe_result(o)); }}},
      {"judge-request",
       {to_json(sdk::JudgeRequest{"q", "g", "a"}), to_json(sdk::JudgeRequest{}),
        [](const object& o) { return to_json(sdk::judge_request(o)); }}},
      {"judge-result",
       {to_json(sdk::JudgeResult{0.5, "r", usage()}), to_json(sdk::JudgeResult{}),
        [](const object& o) { return to_json(sdk::judge_result(o)); }}},
      {"http-request",
       {to_json(sdk::HttpRequest{"GET",
                                 "http://h",
                                 {{"a", "b"}},
                                 "body",
                                 "authorization",
                                 "Bearer ",
                                 "[DONE]",
                                 "/text"}),
        {},
        [](const object& o) { return to_json(sdk::http_request(o)); }}},
      {"http-result",
       {to_json(sdk::HttpResult{200, {{"a", "b"}}, "body"}),
        {},
        [](const object& o) { return to_json(sdk::http_result(o)); }}},
      {"process-request",
       {to_json(sdk::ProcessRequest{{"/bin/x"}, "/home", "in", {{"A", "b"}}, 1, 2, true}),
        {},
        [](const object& o) { return to_json(sdk::process_request(o)); }}},
      {"process-result",
       {to_json(sdk::ProcessResult{1, "out", "err", true, true}), to_json(sdk::ProcessResult{}),
        [](const object& o) { return to_json(sdk::process_result(o)); }}},
      {"mcp-request",
       {to_json(sdk::McpRequest{"/home", {"/bin/x"}, {{"A", "b"}}, "t", {{"a", 1}}, 1}),
        {},
        [](const object& o) { return to_json(sdk::mcp_request(o)); }}},
      {"mcp-result",
       {to_json(sdk::McpResult{{{"t", "d", {{"type", "object"}}, true}}, "text", true}),
        to_json(sdk::McpResult{}), [](const object& o) { return to_json(sdk::mcp_result(o)); }}},
  };
}

}  // namespace

TEST_CASE("sdk schema: every schema is of the enforced subset and fits its own example") {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(SDK_SCHEMAS)) {
    const std::string file = entry.path().filename().string();
    const std::string ending = "-1.schema.json";
    if (file.size() <= ending.size() || file.substr(file.size() - ending.size()) != ending)
      continue;
    const std::string name = file.substr(0, file.size() - ending.size());
    CAPTURE(std::string(name));
    const json::object schema = read(name, "schema");
    const auto checked = check_schema(schema);
    CHECK_MESSAGE(checked.ok(), (checked.ok() ? "" : checked.error().message));
    CHECK(schema.at("title") == json::value(name + "/1"));
    CHECK(read(name, "example").at("schema") == json::value(name + "/1"));
    CHECK(fits(read(name, "example"), schema) == "ok");
    CHECK((name == "edit-check" || shapes().count(name) == 1));
    ++count;
  }
  CHECK(count == static_cast<int>(shapes().size()) + 1);
}

TEST_CASE("sdk schema: what the SDK writes fits, filled and as it is made") {
  for (const auto& [name, shape] : shapes()) {
    CAPTURE(std::string(name));
    CHECK(fits(shape.filled, read(name, "schema")) == "ok");
    if (!shape.initial.empty()) CHECK(fits(shape.initial, read(name, "schema")) == "ok");
  }
  CHECK(fits({{"schema", "edit-check/1"}}, read("edit-check", "schema")) == "ok");
}

TEST_CASE("sdk schema: the SDK writes every field that a schema has, and no other") {
  for (const auto& [name, shape] : shapes()) {
    const json::object schema = read(name, "schema");
    for (const auto& [field, ignored] : schema.at("properties").as_object()) {
      CAPTURE(std::string(name));
      CAPTURE(std::string(field));
      CHECK(shape.filled.contains(field));
    }
    for (const auto& [field, ignored] : shape.filled) {
      CAPTURE(std::string(name));
      CAPTURE(std::string(field));
      CHECK(schema.at("properties").as_object().contains(field));
    }
  }
}

TEST_CASE("sdk schema: an example comes back from the SDK as it was") {
  for (const auto& [name, shape] : shapes()) {
    CAPTURE(std::string(name));
    const json::object example = read(name, "example");
    const json::object again = shape.round_trip(example);
    for (const auto& [field, value] : example) {
      CAPTURE(std::string(field));
      CHECK(again.contains(field));
      if (again.contains(field)) CHECK(again.at(field) == value);
    }
  }
}

TEST_CASE("sdk schema: a required field that is missing is named, by the schema and by the SDK") {
  for (const auto& [name, shape] : shapes()) {
    const json::object schema = read(name, "schema");
    for (const json::value& field : schema.at("required").as_array()) {
      json::object lacking = read(name, "example");
      lacking.erase(field.as_string());
      CAPTURE(std::string(name));
      CHECK(fits(lacking, schema) ==
            "field 'payload." + std::string(field.as_string()) + "' is missing");
    }
  }
}

TEST_CASE("sdk schema: a reader ignores fields that it does not know") {
  for (const auto& [name, shape] : shapes()) {
    json::object newer = read(name, "example");
    newer["field_of_a_later_revision"] = json::array{1, 2};
    CAPTURE(std::string(name));
    CHECK(fits(newer, read(name, "schema")) == "ok");
    CHECK(!shape.round_trip(newer).contains("field_of_a_later_revision"));
  }
}
