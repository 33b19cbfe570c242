#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

namespace {

struct Engine : EngineFixture {
  Engine() : EngineFixture(PLUGIN_DIR "/openrouter.so") {}
};

}  // namespace

TEST_CASE("openrouter: an error inside a success keeps its own status") {
  const std::pair<const char*, jarvis_status> rows[] = {
      {R"({"error":{"code":402,"message":"add credits"}})", JARVIS_UNAVAILABLE},
      {R"({"error":{"code":502,"message":"upstream"}})", JARVIS_RETRYABLE},
      {R"({"choices":[{"error":{"code":429,"message":"slow"},"message":{"content":""}}]})",
       JARVIS_RETRYABLE},
      {R"({"error":{"code":"weird","message":"odd"}})", JARVIS_RETRYABLE}};
  for (const auto& [body, status] : rows) {
    Engine engine;
    engine.answers = {{200, {}, body}};
    CAPTURE(std::string(body));
    CHECK(engine.ask(question_to("openrouter/a/b")).status == status);
  }
}

TEST_CASE("openrouter: an error in the middle of a stream is one") {
  Engine engine;
  engine.answers = {jarvis::shared::event_stream(
      ": OPENROUTER PROCESSING\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
      "data: {\"error\":{\"code\":503,\"message\":\"gone\"},\"choices\":[{\"delta\":{},"
      "\"finish_reason\":\"error\"}]}\n\ndata: [DONE]\n\n")};
  const auto answer = engine.ask(question_to("openrouter/a/b"));
  CHECK(answer.status == JARVIS_RETRYABLE);
  CHECK(answer.message.find("gone") != std::string::npos);
}

TEST_CASE("openrouter: its prefix is no part of the model's name") {
  Engine engine;
  const auto result = engine.result_of(
      json::parse(R"({"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":1,
                      "completion_tokens":1,"cost":0.5}})")
          .as_object(),
      question_to("openrouter/anthropic/claude-opus-4.6"));
  CHECK(engine.body().at("model") == "anthropic/claude-opus-4.6");
  CHECK(*result.usage.reported_cost_usd == 0.5);
}
