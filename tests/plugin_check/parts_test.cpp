#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "core/host/check/elf_file.hpp"
#include "core/host/check/manifest_check.hpp"
#include "core/host/check/requests.hpp"
#include "core/host/isolation/drill.hpp"
#include "core/host/payload_schema.hpp"

using namespace jarvis;

namespace {

const std::vector<std::string> kForbidden{"engine.*", "tools.mcp.*", "learning.enabled"};

json::object object(const char* text) {
  return sdk::parse_object(text, "test");
}

std::string touches(const std::string& touch, const char* schema = "{}") {
  return touches_problem({touch}, object(schema), kForbidden);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string bytes_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

constexpr const char* kSchema =
    R"({"type": "object", "required": ["agent", "key", "level"], "properties": {
        "agent": {"type": "string"}, "key": {"type": "string"}, "extra": {"type": "string"},
        "number": {"type": "integer"}, "level": {"type": "string", "enum": ["low", "high"]}}})";

}  // namespace

TEST_CASE("touches: refuses what meets forbidden keys, whatever the payload says") {
  for (const char* touch :
       {"config.toml:engine.host", "config.toml:engine", "config.toml:*", "config.toml:{key}.host",
        "config.toml:tools.{key}.x", "config.toml:learning", "config.toml:x{key}.host"})
    CHECK_MESSAGE(contains(touches(touch, kSchema), "which no op may change"), touch);
}

TEST_CASE("touches: a field that has few values meets only those") {
  CHECK(touches("config.toml:{level}.host", kSchema) == "");
  CHECK(contains(touches_problem({"config.toml:{level}.host"}, object(kSchema), {"high.*"}),
                 "'high.*'"));
}

TEST_CASE("touches: refuses what could never be allowed or filled in") {
  for (const auto& [touch, why] :
       {std::pair{"config.toml", "names no keys"}, std::pair{"config.toml:", "names no keys"},
        std::pair{"MEMORY.md", "are tracked"}, std::pair{"agents/../config.toml", "leaves"},
        std::pair{"agents/*/note.md", "a star"}, std::pair{"tools/x.toml:a.b", "config.toml alone"},
        std::pair{"agents/{nobody}/x", "no text field"}, std::pair{"agents/{number}/x", "no text"},
        std::pair{"agents/{extra}/x", "not required"}})
    CHECK_MESSAGE(contains(touches(touch, kSchema), why), touch);
}

TEST_CASE("touches: accepts keys, files and fields of the payload") {
  for (const char* touch : {"config.toml:agent.{agent}.{key}", "agents/{agent}/system_prompt.md",
                            "tools/descriptions.toml", "config.toml:learning.routing.x"})
    CHECK_MESSAGE(touches(touch, kSchema) == "", touch);
}

TEST_CASE("elf: refuses what is none, is cut or points out of the file") {
  CHECK_FALSE(exported_symbols("").ok());
  CHECK_FALSE(exported_symbols("\x7f"
                               "ELF")
                  .ok());
  const std::string whole = bytes_of(SOUND_PLUGINS "/sound/sound.so");
  CHECK(is_for_this_machine(whole));
  CHECK_FALSE(is_for_this_machine(whole.substr(0, 10)));
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 97 + 1)
    CHECK_FALSE(exported_symbols(whole.substr(0, size)).ok());
  std::string spoilt = whole;
  for (std::size_t at = 16; at < 64; ++at) {
    spoilt[at] = '\xff';
    exported_symbols(spoilt).ok();
    spoilt[at] = whole[at];
  }
}

TEST_CASE("elf: lists what a library exports") {
  const auto sound = exported_symbols(bytes_of(SOUND_PLUGINS "/sound/sound.so"));
  REQUIRE(sound.ok());
  CHECK(*sound == std::vector<std::string>{"jarvis_plugin_entry"});
  CHECK(exported_symbols(bytes_of(CHECK_PLUGINS "/exports_more/exports_more.so"))->size() > 1);
}

TEST_CASE("requests: a sample fits its schema") {
  for (
      const char* text :
      {R"({"type": "object"})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "minLength": 20}}})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "maxLength": 2}}})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 7}}})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "number", "maximum": -1}}})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"enum": [3, 4]}}})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"type": ["boolean", "null"]}}})",
       R"({"type": "object", "properties": {"a": {"type": "string", "default": "x"}}})",
       R"({"type": "object", "required": ["a"], "properties": {"a": {"type": "array", "minItems": 2,
            "items": {"type": "object", "required": ["b"], "properties": {"b": {"type": "string"}}}}}})"}) {
    CAPTURE(text);
    CHECK(check_against_schema(sample_object(object(text)), object(text), "sample").ok());
  }
}

TEST_CASE("requests: a field that a plugin may not need may be missing, but never an edit's home") {
  Provided provided;
  for (const PluginFunction function : kPluginFunctions) {
    const auto sound = sound_request(function, provided, "/nowhere");
    int strict = 0;
    for (const MalformedRequest& request : malformed_requests(function, sound)) {
      CHECK(request.text != json::serialize(sound));
      if (contains(request.what, "'")) strict += request.must_be_declined ? 1 : 0;
    }
    const bool is_edit = std::string(interface_of(function)) == JARVIS_EDIT_APPLIER_1;
    CHECK(strict == (is_edit ? 2 : 0));
  }
}

TEST_CASE("drill: what is asked and what comes back survive the way to the plugin's process") {
  Drill drill;
  drill.calls = {{PluginFunction::judge_score, "no \"JSON\"\n"}};
  drill.threads = 3;
  drill.cancelled = true;
  drill.services.emplace("http", json::object{{"status", 200}});
  drill.services.emplace("*", Error{ErrorKind::retryable, "later", "wait", 5});
  const Drill read = drill_from(sdk::parse_object(json::serialize(to_json(drill)), "drill"));
  CHECK(read.calls.at(0).request == "no \"JSON\"\n");
  CHECK(read.calls.at(0).function == PluginFunction::judge_score);
  CHECK(read.threads == 3);
  CHECK(read.cancelled);
  CHECK(read.services.at("http")->at("status") == 200);
  CHECK(read.services.at("*").error().retry_after_ms == 5);
  CHECK_THROWS(drill_from(object(R"({"calls": [1]})")));
  CHECK_THROWS(outcomes_from(object(R"({"outcomes": [[{}]]})")));
}
