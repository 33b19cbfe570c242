#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

TEST_CASE("deepseek: reasoning comes back with the calls that it led to, and with no other turn") {
  EngineFixture engine(PLUGIN_DIR "/deepseek.so");
  sdk::GenerateRequest request = question_to("deepseek-v4-pro");
  const auto asked = engine.result_of(
      json::parse(R"({"choices":[{"message":{"content":null,"reasoning_content":"hm","tool_calls":[
        {"id":"a","function":{"name":"look","arguments":"{}"}}]}}]})")
          .as_object(),
      request);
  request.messages.push_back(asked.message);
  request.messages.push_back({"tool", "", {}, {{"a", "{}", false}}, {}});
  const auto said = engine.result_of(
      json::parse(R"({"choices":[{"message":{"content":"so","reasoning_content":"hm"}}]})")
          .as_object(),
      request);
  CHECK(engine.body().at("messages").at(1).at("reasoning_content") == "hm");
  CHECK(said.message.engine_data.empty());
}

TEST_CASE("deepseek: what its cache held costs less") {
  EngineFixture engine(PLUGIN_DIR "/deepseek.so");
  const auto usage = engine
                         .result_of(json::parse(R"({"choices":[{"message":{"content":"x"}}],
      "usage":{"prompt_tokens":100,"prompt_cache_hit_tokens":60,"completion_tokens":5}})")
                                        .as_object(),
                                    question_to("deepseek-v4-pro"))
                         .usage;
  CHECK(usage.cache_read_tokens == 60);
  CHECK(usage.input_tokens == 40);
}
