#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

namespace {

struct Engine : EngineFixture {
  Engine() : EngineFixture(PLUGIN_DIR "/ollama.so") {
    answers = {{200, {}, R"({"message":{"content":"x"},"done":true})"}};
  }
};

}  // namespace

TEST_CASE("ollama: the address of its other protocol is refused with both ways out") {
  Engine engine;
  sdk::GenerateRequest request = question_to("ollama/qwen3:8b");
  request.base_url = "http://localhost:11434/v1/";
  const auto answer = engine.ask(request);
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.hint.find("openai-compatible") != std::string::npos);
  CHECK(engine.sent.empty());
}

TEST_CASE("ollama: the context grows with the conversation, in powers of two") {
  Engine engine;
  sdk::GenerateRequest request = question_to("qwen3:8b");
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().at("options").at("num_ctx") == 8192);
  request.messages[0].text = std::string(60000, 'x');
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().at("options").at("num_ctx") == 32768);
  engine.host.settings = {{"num_ctx", 12000}};
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().at("options").at("num_ctx") == 12000);
}

TEST_CASE("ollama: a model without tools is named as one") {
  Engine engine;
  engine.answers = {{400, {}, R"({"error":"qwen:1b does not support tools"})"}};
  const auto answer = engine.ask(question_to("qwen:1b"));
  CHECK(answer.status == JARVIS_INVALID);
  CHECK(answer.message.find("the model takes no tools") != std::string::npos);
}

TEST_CASE("ollama: an error in the middle of a stream is a passing fault") {
  Engine engine;
  engine.answers = {{200,
                     {{"content-type", "application/x-ndjson"}},
                     "{\"message\":{\"content\":\"a\"}}\n{\"error\":\"runner died\"}\n"}};
  const auto answer = engine.ask(question_to("qwen3"));
  CHECK(answer.status == JARVIS_RETRYABLE);
  CHECK(answer.message.find("runner died") != std::string::npos);
}
