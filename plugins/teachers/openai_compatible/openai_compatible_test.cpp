#include <doctest/doctest.h>

#include "plugins/shared/engine_fixture.hpp"

namespace json = boost::json;
namespace sdk = jarvis::sdk;
using jarvis::shared::EngineFixture;
using jarvis::shared::question_to;

namespace {

struct Engine : EngineFixture {
  Engine() : EngineFixture(PLUGIN_DIR "/openai-compatible.so") {}
};

sdk::GenerateRequest with_tools() {
  sdk::GenerateRequest request = question_to("qwen3");
  request.tools = {{"look", "Looks.", {}}};
  return request;
}

}  // namespace

TEST_CASE("openai-compatible: a server without tools is named as one, with what to set") {
  const std::pair<int, const char*> rows[] = {
      {400, R"({"message":"\"auto\" tool choice requires --enable-auto-tool-choice to be set"})"},
      {500, R"({"error":{"message":"tools param requires --jinja flag"}})"},
      {422, R"({"detail":"unknown field tools"})"}};
  for (const auto& [status, body] : rows) {
    Engine engine;
    engine.answers = {{status, {}, body}};
    const auto answer = engine.ask(with_tools());
    CHECK(answer.status == JARVIS_INVALID);
    CHECK(answer.message.find("the server takes no tools") != std::string::npos);
    CHECK(answer.hint.find("--enable-auto-tool-choice") != std::string::npos);
    CHECK(engine.sent.size() == 1);
  }
}

TEST_CASE("openai-compatible: other errors, and those without tools, are what they are") {
  Engine engine;
  engine.answers = {{500, {}, R"({"error":{"message":"out of memory"}})"}};
  CHECK(engine.ask(with_tools()).status == JARVIS_RETRYABLE);
  engine.answers = {{400, {}, R"({"error":{"message":"this tool is odd"}})"}};
  CHECK(engine.ask(question_to("qwen3")).message.find("refused the request") != std::string::npos);
}

TEST_CASE("openai-compatible: listens at a port of this machine unless it is told otherwise") {
  Engine engine;
  engine.answers = {{200, {}, R"({"choices":[{"message":{"content":"x"}}]})"}};
  REQUIRE(engine.ask(question_to("qwen3")).ok());
  CHECK(engine.sent.back().url == "http://localhost:8000/v1/chat/completions");
}
