#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

namespace {

struct Engine : EngineFixture {
  Engine() : EngineFixture(PLUGIN_DIR "/codex.so") {}
};

const char* const kText =
    R"({"output":[{"type":"message","content":[{"type":"output_text","text":"x"}]}]})";

}  // namespace

TEST_CASE("codex: an answer that failed on the way is a fault of the provider or of the request") {
  const std::pair<const char*, jarvis_status> rows[] = {
      {R"({"status":"failed","error":{"code":"server_error","message":"m"}})", JARVIS_RETRYABLE},
      {R"({"status":"failed","error":{"code":"rate_limit_exceeded","message":"m"}})",
       JARVIS_RETRYABLE},
      {R"({"status":"failed","error":{"code":"invalid_prompt","message":"m"}})", JARVIS_INVALID}};
  for (const auto& [body, status] : rows) {
    Engine engine;
    engine.answers = {{200, {}, body}};
    CHECK(engine.ask(question_to("codex/gpt-5")).status == status);
  }
}

TEST_CASE("codex: a model that does not reason is not asked for its reasoning") {
  Engine engine;
  engine.answers = {{200, {}, kText}};
  sdk::GenerateRequest request = question_to("codex/gpt-4o");
  request.temperature = 0.2;
  REQUIRE(engine.ask(request).ok());
  CHECK_FALSE(engine.body().contains("include"));
  CHECK(engine.body().at("temperature") == 0.2);
  CHECK(engine.body().at("store") == false);
  request.model = "codex/gpt-5";
  REQUIRE(engine.ask(request).ok());
  CHECK(engine.body().contains("include"));
  CHECK_FALSE(engine.body().contains("temperature"));
}

TEST_CASE("codex: reasoning that the model cannot hand out is not asked for twice") {
  Engine engine;
  engine.answers = {{400, {}, R"({"error":{"message":"Encrypted content is not supported"}})"},
                    {200, {}, kText}};
  REQUIRE(engine.ask(question_to("codex/gpt-5")).ok());
  CHECK(engine.sent.size() == 2);
  REQUIRE(engine.ask(question_to("codex/gpt-5")).ok());
  CHECK(engine.sent.size() == 3);
}

TEST_CASE("codex: a content filter is a refusal") {
  Engine engine;
  const auto result = engine.result_of({{"output", json::array()},
                                        {"status", "incomplete"},
                                        {"incomplete_details", {{"reason", "content_filter"}}}},
                                       question_to("codex/gpt-5"));
  CHECK(result.stop_reason == "refusal");
}
