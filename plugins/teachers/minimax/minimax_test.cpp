#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

namespace {

struct Engine : EngineFixture {
  Engine() : EngineFixture(PLUGIN_DIR "/minimax.so") {}
};

json::object reply_with(const char* content) {
  return {{"choices",
           json::array{json::object{{"message", {{"role", "assistant"}, {"content", content}}},
                                    {"finish_reason", "stop"}}}},
          {"base_resp", {{"status_code", 0}, {"status_msg", ""}}}};
}

}  // namespace

TEST_CASE("minimax: errors that come with a status of success are errors") {
  const std::pair<int, jarvis_status> rows[] = {{1002, JARVIS_RETRYABLE},
                                                {1004, JARVIS_UNAVAILABLE},
                                                {1008, JARVIS_UNAVAILABLE},
                                                {2013, JARVIS_INVALID}};
  for (const auto& [code, status] : rows) {
    Engine engine;
    engine.answers = {{200,
                       {},
                       json::serialize(json::object{
                           {"choices", nullptr},
                           {"base_resp", {{"status_code", code}, {"status_msg", "why"}}}})}};
    const auto answer = engine.ask(question_to("MiniMax-M3"));
    CHECK(answer.status == status);
    CHECK(answer.message.find("why") != std::string::npos);
  }
}

TEST_CASE("minimax: a temperature is moved into what it takes") {
  const std::pair<double, double> rows[] = {{0, 0.01}, {0.5, 0.5}, {1.7, 1}};
  for (const auto& [wanted, sent] : rows) {
    Engine engine;
    sdk::GenerateRequest request = question_to("MiniMax-M3");
    request.temperature = wanted;
    engine.result_of(reply_with("x"), request);
    CHECK(engine.body().at("temperature") == sent);
  }
}

TEST_CASE("minimax: reasoning is no part of the answer") {
  const std::pair<const char*, const char*> rows[] = {
      {"<think>a</think>\n\nb", "b"},
      {"\n<think>a</think>b", "b"},
      {"a</think>b", "b"},
      {"<think>cut off", ""},
      {"no <think>tags</think> in front", "no <think>tags</think> in front"},
      {"plain", "plain"},
      {"<think></think>", ""}};
  for (const auto& [content, expected] : rows) {
    Engine engine;
    CAPTURE(std::string(content));
    CHECK(engine.result_of(reply_with(content), question_to("MiniMax-M3")).message.text ==
          expected);
  }
}
