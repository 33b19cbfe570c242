#include "core/budget/live_text.hpp"

#include <doctest/doctest.h>

#include "core/budget/http_client.hpp"
#include "tests/support/event_stream.hpp"
#include "tests/support/loopback_server.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

constexpr const char* kDelta = "/choices/0/delta/content";

std::string heard_of(const std::string& stream, const std::string& pointer, std::size_t piece) {
  std::string heard;
  LiveText live(pointer, [&](const std::string& text) { heard += text; });
  for (std::size_t at = 0; at < stream.size(); at += piece) live.add(stream.substr(at, piece));
  return heard;
}

}  // namespace

TEST_CASE("live text: what is no event, or holds no text there, is passed over") {
  for (const char* stream :
       {"", "\n\n", "data:\n", "data: [DONE]\n", "data: {broken\n", ": comment\n", "data: 7\n",
        "data: {\"choices\":[]}\n", "data: {\"choices\":[{\"delta\":{\"content\":null}}]}\n",
        "data: {\"choices\":[{\"delta\":{\"content\":7}}]}\n", "event: x\n"}) {
    CAPTURE(stream);
    CHECK(heard_of(stream, kDelta, 3).empty());
  }
  CHECK(heard_of("data: {\"a\":\"b\"}\n", "no pointer", 100).empty());
}

TEST_CASE("live text: events are understood wherever the network cuts them") {
  const std::string stream =
      "data: {\"choices\":[{\"delta\":{\"content\":\"Zw\xC3\xB6lf\"}}]}\r\n\r\n"
      "data: {\"choices\":[{\"delta\":{\"content\":\" sheep\"}}]}\n\ndata: [DONE]\n\n";
  for (std::size_t piece = 1; piece < 40; ++piece)
    CHECK(heard_of(stream, kDelta, piece) == "Zw\xC3\xB6lf sheep");
}

TEST_CASE("live text: lines of JSON without a name are events too") {
  CHECK(heard_of(
            "{\"message\":{\"content\":\"a\"}}\n{\"message\":{\"content\":\"b\"},\"done\":true}\n",
            "/message/content", 7) == "ab");
}

TEST_CASE("http: the text of a stream is heard as it comes, and the answer is there in the end") {
  LoopbackServer server(
      {chat_stream({{"id", "1"},
                    {"model", "m"},
                    {"choices",
                     {{{"index", 0},
                       {"message", {{"role", "assistant"}, {"content", "Twelve sheep."}}},
                       {"finish_reason", "stop"}}}}},
                   false)});
  HttpService http;
  Endpoint endpoint;
  endpoint.base_url = server.url();
  sdk::HttpRequest request;
  request.url = server.url() + "/v1/chat/completions";
  request.body = "{}";
  request.live_text = kDelta;
  std::string heard;
  const auto answer =
      http.send(request, endpoint, nullptr, {}, [&](const std::string& text) { heard += text; });
  REQUIRE(answer);
  CHECK(heard == "Twelve sheep.");
  CHECK(answer->body.find("[DONE]") != std::string::npos);
}

TEST_CASE("http: what was heard is not asked for again when the stream breaks off") {
  ScriptedReply cut;
  cut.headers = {{"content-type", "text/event-stream"}};
  cut.body = "data: {\"choices\":[{\"delta\":{\"content\":\"Twelve\"}}]}\n\n";
  cut.missing_bytes = 100;
  LoopbackServer server({cut});
  HttpService http([](std::chrono::milliseconds) {});
  Endpoint endpoint;
  endpoint.base_url = server.url();
  sdk::HttpRequest request;
  request.url = server.url() + "/v1/chat/completions";
  request.body = "{}";
  request.live_text = kDelta;
  const auto unheard = http.send(request, endpoint, nullptr);
  CHECK_FALSE(unheard.ok());
  const std::size_t before = server.requests().size();
  CHECK(before > 1);
  std::string heard;
  const auto answer =
      http.send(request, endpoint, nullptr, {}, [&](const std::string& text) { heard += text; });
  CHECK_FALSE(answer.ok());
  CHECK(heard == "Twelve");
  CHECK(server.requests().size() == before + 1);
}
