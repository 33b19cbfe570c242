// What goes wrong on the way, over every engine.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "tests/conformance/world.hpp"

using namespace jarvis;
using namespace jarvis::conformance;
using std::chrono::milliseconds;

namespace {

Turn fine() {
  Turn turn;
  turn.text = "fine";
  return turn;
}

/** Runs a fault before a good answer; gives the world for a look at what it took. */
void recovers(const EngineRow& row, const sdk::GenerateRequest& request, const Step& fault,
              const std::function<void(World&)>& look) {
  World world(row, {fault, answers(fine())});
  const auto result = world.ask(request);
  REQUIRE_MESSAGE(result.ok(), (result.ok() ? "" : result.error().message));
  CHECK(result->message.text == "fine");
  CHECK(world.requests() == 2);
  CHECK(world.complaints().empty());
  look(world);
}

void costs_only_the_answer(World& world) {
  CHECK(world.spent_usd() == doctest::Approx(conformance::price_of(world.row(), fine())));
  CHECK(world.unsettled_usd() == 0);
}

/** The most memory that this process has held so far, in bytes. */
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    std::istringstream words(line);
    std::string name;
    std::size_t kilobytes = 0;
    if (words >> name >> kilobytes && name == "VmHWM:") return kilobytes * 1024;
  }
  return 0;
}

ScriptedReply two_hundred_megabytes(bool chunked) {
  ScriptedReply reply;
  reply.headers = {{"Content-Type", "application/json"}};
  reply.body = std::string(std::size_t{1} << 20, ' ');
  reply.times = 200;
  reply.chunked = chunked;
  return reply;
}

}  // namespace

TEST_CASE("conformance: 429 with retry-after waits for as long as it asks") {
  each_engine([](const EngineRow& row) {
    recovers(row, question(), fails(429, "slow down", {{"Retry-After", "7"}}), [](World& world) {
      CHECK(world.waited() == milliseconds(7000));
      costs_only_the_answer(world);
    });
  });
}

TEST_CASE("conformance: 500, 503 and 529 are tried again") {
  each_engine([](const EngineRow& row) {
    for (const int status : {408, 409, 500, 502, 503, 529}) {
      CAPTURE(status);
      recovers(row, question(), fails(status), costs_only_the_answer);
    }
  });
}

TEST_CASE("conformance: an answer that breaks off is asked for again, and counts as spent") {
  each_engine([](const EngineRow& row) {
    for (const sdk::GenerateRequest& request : {question(), long_question()}) {
      CAPTURE(request.max_output_tokens);
      recovers(row, request, breaks_off(fine()), [](World& world) {
        CHECK(world.unsettled_usd() > 0);
        CHECK(world.spent_usd() >= conformance::price_of(world.row(), fine()));
      });
    }
  });
}

TEST_CASE("conformance: a server that stays busy is a passing fault after all attempts") {
  each_engine([](const EngineRow& row) {
    World world(row, {fails(529, "overloaded")}, {20, 2, false});
    const auto result = world.ask(question());
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().kind == ErrorKind::retryable);
    CHECK(result.error().message.find("529") != std::string::npos);
    CHECK(result.error().message.find("overloaded") != std::string::npos);
    CHECK(world.requests() == 3);
    CHECK(world.spent_usd() == 0);
  });
}

TEST_CASE("conformance: what waiting does not mend is said once, with what to mend") {
  struct Row {
    int status;
    const char* message;
    ErrorKind kind;
    const char* hint;
  };
  const Row refusals[] = {
      {400, "this is malformed", ErrorKind::invalid, ""},
      {401, "who are you", ErrorKind::unavailable, "api_key_env"},
      {403, "not for you", ErrorKind::unavailable, "api_key_env"},
      {404, "no such model", ErrorKind::invalid, "base_url"},
      {402, "pay first", ErrorKind::unavailable, "balance"},
      {429, "insufficient_quota", ErrorKind::unavailable, "balance"},
  };
  each_engine([&](const EngineRow& row) {
    for (const Row& refusal : refusals) {
      CAPTURE(refusal.status);
      World world(row, {fails(refusal.status, refusal.message)});
      const auto result = world.ask(question());
      REQUIRE_FALSE(result.ok());
      CHECK(result.error().kind == refusal.kind);
      CHECK(result.error().message.find(refusal.message) != std::string::npos);
      CHECK(result.error().hint.find(refusal.hint) != std::string::npos);
      CHECK(world.requests() == 1);
      CHECK(world.waited() == milliseconds(0));
      CHECK(world.spent_usd() == 0);
    }
  });
}

TEST_CASE("conformance: a body that is no JSON is a passing fault that shows its beginning") {
  each_engine([](const EngineRow& row) {
    for (const sdk::GenerateRequest& request : {question(), long_question()}) {
      ScriptedReply page;
      page.body = "<html>captive portal</html>";
      page.headers = {{"Content-Type", "text/html"}};
      World world(row, {sends(page)});
      const auto result = world.ask(request);
      REQUIRE_FALSE(result.ok());
      CHECK(result.error().kind == ErrorKind::retryable);
      CHECK(result.error().message.find("captive portal") != std::string::npos);
      CHECK(world.unsettled_usd() > 0);
    }
  });
}

TEST_CASE("conformance: JSON of another shape is a passing fault") {
  each_engine([](const EngineRow& row) {
    for (const char* body : {"[]", "{}", "null", R"({"choices":[]})", R"({"candidates":[]})",
                             R"({"content":7,"message":[],"output":{},"choices":[3]})"}) {
      CAPTURE(std::string(body));
      ScriptedReply reply;
      reply.body = body;
      reply.headers = {{"Content-Type", "application/json"}};
      World world(row, {sends(reply)});
      const auto result = world.ask(question());
      REQUIRE_FALSE(result.ok());
      CHECK(result.error().kind == ErrorKind::retryable);
    }
  });
}

TEST_CASE("conformance: a stream of events that make no sense is a passing fault") {
  each_engine([](const EngineRow& row) {
    const bool lines = row.engine == "ollama";
    for (const char* text : {"7", "{\"a\":", "[]", "{}"}) {
      CAPTURE(std::string(text));
      ScriptedReply reply;
      // Whatever tells the host that a stream is whole, so that the engine gets to see it.
      reply.body = std::string(lines ? "" : "data: ") + text +
                   (lines ? "\n"
                          : "\n\n: \"message_stop\" \"output_tokens\" \"total_tokens\" "
                            "finishReason\" [DONE]\n\n");
      if (lines) reply.body += "{\"x\":1,\"done\":true}\n";
      reply.headers = {{"Content-Type", lines ? "application/x-ndjson" : "text/event-stream"}};
      World world(row, {sends(reply)});
      const auto result = world.ask(long_question());
      REQUIRE_FALSE(result.ok());
      CHECK(result.error().kind == ErrorKind::retryable);
      CHECK(world.requests() == 1);
    }
  });
}

TEST_CASE("conformance: a server that never answers is given up after its time") {
  each_engine([](const EngineRow& row) {
    ScriptedReply silence;
    silence.hang = true;
    World world(row, {sends(silence)}, {1, 0, true});
    const auto result = world.ask(question());
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().kind == ErrorKind::retryable);
    CHECK(result.error().message.find("no answer from http://127.0.0.1") != std::string::npos);
    CHECK(world.requests() == 1);
    CHECK(world.unsettled_usd() > 0);
  });
}

TEST_CASE("conformance: an answer of 200 MB is refused before it is held") {
  each_engine([](const EngineRow& row) {
    for (const bool chunked : {false, true}) {
      CAPTURE(chunked);
      const std::size_t before = peak_memory();
      World world(row, {sends(two_hundred_megabytes(chunked))});
      const auto result = world.ask(question());
      REQUIRE_FALSE(result.ok());
      CHECK(result.error().kind == ErrorKind::invalid);
      CHECK(result.error().message.find("larger than") != std::string::npos);
      CHECK(world.requests() == 1);
      CHECK(peak_memory() - before < (std::size_t{190} << 20));
    }
  });
}
