#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

namespace {

json::object reply_with(json::array parts, const char* reason = "STOP") {
  return {{"candidates", json::array{json::object{{"content", {{"parts", std::move(parts)}}},
                                                  {"finishReason", reason}}}},
          {"usageMetadata", {{"promptTokenCount", 10}, {"candidatesTokenCount", 5}}}};
}

json::object called(const char* name, json::object more = {}) {
  more["functionCall"] = json::object{{"name", name}, {"args", json::object()}};
  return more;
}

struct Engine : EngineFixture {
  Engine() : EngineFixture(PLUGIN_DIR "/gemini.so") {}
};

json::object declared(Engine& engine, const char* schema) {
  sdk::GenerateRequest request = question_to("gemini-3-pro");
  request.tools = {{"look", "Looks.", json::parse(schema).as_object()}};
  engine.result_of(reply_with({{{"text", "x"}}}), request);
  return engine.body().at("tools").at(0).at("functionDeclarations").at(0).as_object();
}

}  // namespace

TEST_CASE("gemini: a blocked prompt is a refusal that names the reason") {
  Engine engine;
  const auto result = engine.result_of({{"promptFeedback", {{"blockReason", "PROHIBITED_CONTENT"}}},
                                        {"usageMetadata", {{"promptTokenCount", 10}}}},
                                       question_to("gemini-3-pro"));
  CHECK(result.stop_reason == "refusal");
  CHECK(result.message.text.find("PROHIBITED_CONTENT") != std::string::npos);
  CHECK(result.usage.input_tokens == 10);
  CHECK(result.usage.output_tokens == 0);
}

TEST_CASE("gemini: a key that is not valid is said to be the key's fault") {
  Engine engine;
  engine.answers = {{400,
                     {},
                     R"({"error":{"code":400,"message":"API key not valid.",
                         "details":[{"reason":"API_KEY_INVALID"}]}})"}};
  const auto answer = engine.ask(question_to("gemini-3-pro"));
  CHECK(answer.status == JARVIS_UNAVAILABLE);
  CHECK(answer.hint.find("api_key_env") != std::string::npos);
}

TEST_CASE("gemini: a limit by the minute is no lack of money, although it speaks of billing") {
  Engine engine;
  engine.answers = {{429,
                     {},
                     R"({"error":{"message":"You exceeded your current quota, please check your plan
                         and billing details.","details":[{"retryDelay":"26s"}]}})"}};
  CHECK(engine.ask(question_to("gemini-3-pro")).status == JARVIS_RETRYABLE);
}

TEST_CASE("gemini: a name that would lead elsewhere is refused before anything is sent") {
  for (const char* model : {"../gemini", "gemini/../x", "gemini?x=1", "gemini:y", "", "ge mini"}) {
    Engine engine;
    CAPTURE(std::string(model));
    CHECK(engine.ask(question_to(model)).status == JARVIS_INVALID);
    CHECK(engine.sent.empty());
  }
}

TEST_CASE("gemini: calls without ids get ids, unique in the conversation") {
  Engine engine;
  sdk::GenerateRequest request = question_to("gemini-3-pro");
  const auto first = engine.result_of(reply_with({called("look"), called("look")}), request);
  REQUIRE(first.message.tool_calls.size() == 2);
  CHECK(first.message.tool_calls[0].id != first.message.tool_calls[1].id);
  CHECK(first.stop_reason == "tool_calls");
}

TEST_CASE("gemini: parts with signatures and ids come back as they were") {
  Engine engine;
  sdk::GenerateRequest request = question_to("gemini-3-pro");
  json::object part = called("look", {{"thoughtSignature", "abc"}});
  part["functionCall"].as_object()["id"] = "own-1";
  const auto result = engine.result_of(reply_with({part}), request);
  CHECK(result.message.tool_calls[0].id == "own-1");
  request.messages.push_back(result.message);
  request.messages.push_back({"tool", "", {}, {{"own-1", "[1]", false}}, {}});
  engine.result_of(reply_with({{{"text", "x"}}}), request);
  const json::array contents = engine.body().at("contents").as_array();
  CHECK(contents[1].at("parts") == json::array{part});
  const json::object response = contents[2].at("parts").at(0).at("functionResponse").as_object();
  CHECK(response.at("id") == "own-1");
  CHECK(response.at("name") == "look");
  CHECK(response.at("response") == json::object{{"output", "[1]"}});
}

TEST_CASE("gemini: a tool's error is told as one") {
  Engine engine;
  sdk::GenerateRequest request = question_to("gemini-3-pro");
  request.messages.push_back({"assistant", "", {{"a", "look", {}}}, {}, {}});
  request.messages.push_back({"tool", "", {}, {{"a", "no", true}}, {}});
  engine.result_of(reply_with({{{"text", "x"}}}), request);
  CHECK(
      engine.body().at("contents").at(2).at("parts").at(0).at("functionResponse").at("response") ==
      json::object{{"error", "no"}});
}

TEST_CASE("gemini: thoughts are counted, and are no part of the answer") {
  Engine engine;
  json::object reply = reply_with({{{"text", "hidden"}, {"thought", true}}, {{"text", "shown"}}});
  reply["usageMetadata"].as_object()["thoughtsTokenCount"] = 90;
  reply["usageMetadata"].as_object()["cachedContentTokenCount"] = 4;
  const auto result = engine.result_of(reply, question_to("gemini-3-pro"));
  CHECK(result.message.text == "shown");
  CHECK(result.usage.output_tokens == 95);
  CHECK(result.usage.input_tokens == 6);
  CHECK(result.usage.cache_read_tokens == 4);
}

TEST_CASE("gemini: a call that the model spoilt is asked for again, once, and both are paid") {
  Engine engine;
  engine.answers = {{200, {}, json::serialize(reply_with({}, "MALFORMED_FUNCTION_CALL"))},
                    {200, {}, json::serialize(reply_with({called("look")}))}};
  const auto result = sdk::generate_result(engine.ask(question_to("gemini-3-pro")).result);
  CHECK(result.message.tool_calls.size() == 1);
  CHECK(result.usage.input_tokens == 20);
  CHECK(result.usage.output_tokens == 10);
  Engine stubborn;
  CHECK(stubborn.result_of(reply_with({}, "MALFORMED_FUNCTION_CALL"), question_to("gemini-3-pro"))
            .stop_reason == "end");
  CHECK(stubborn.sent.size() == 2);
}

TEST_CASE("gemini: keywords that it refuses are rewritten or left out") {
  Engine engine;
  const json::object declaration = declared(engine, R"({"$schema":"x","type":"object",
    "additionalProperties":false,"required":["a","gone"],"properties":{
      "a":{"type":["string","null"],"default":"x","exclusiveMinimum":1},
      "b":{"const":"only"},"c":{"type":"integer","enum":[1,2],"minimum":0},
      "d":{"oneOf":[{"type":"string"},{"type":"array"}]}}})");
  CHECK(declaration.at("parameters") == json::parse(R"({"type":"object","required":["a"],
    "properties":{"a":{"type":"string","nullable":true},"b":{"type":"string","enum":["only"]},
      "c":{"type":"integer","minimum":0},
      "d":{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}}})"));
}

TEST_CASE("gemini: a tool without parameters is declared without them") {
  Engine engine;
  CHECK_FALSE(declared(engine, R"({"type":"object","properties":{}})").contains("parameters"));
}

TEST_CASE("gemini: posts below any base URL, with the key in its own header") {
  for (const char* base : {"", "https://g.test", "https://g.test/v1beta", "https://g.test/v1/"}) {
    Engine engine;
    sdk::GenerateRequest request = question_to("models/gemini-3-pro");
    request.base_url = base;
    engine.result_of(reply_with({{{"text", "x"}}}), request);
    const std::string& url = engine.sent.back().url;
    CHECK(url.find("/v1") != std::string::npos);
    CHECK(url.find("/models/gemini-3-pro:generateContent") != std::string::npos);
    CHECK(engine.sent.back().key_header == "x-goog-api-key");
    CHECK(engine.sent.back().key_prefix.empty());
  }
}
