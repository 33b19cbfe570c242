#include "core/budget/congestion.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "core/base/parallel.hpp"
#include "core/budget/http_client.hpp"
#include "tests/support/loopback_server.hpp"

using namespace jarvis;
using jarvis::testing::LoopbackServer;
using jarvis::testing::RecordedRequest;
using jarvis::testing::ScriptedReply;

namespace {

constexpr const char* kServer = "http://h:1";

bool patient() {
  return true;
}

bool impatient() {
  return false;
}

}  // namespace

TEST_CASE("congestion: who may not wait gets no place in a full window") {
  Congestion congestion;
  auto first = congestion.enter(kServer, impatient);
  REQUIRE(first);
  first->refused();
  CHECK(congestion.window(kServer) == 1);
  CHECK_FALSE(congestion.enter(kServer, impatient));
  first.reset();
  CHECK(congestion.enter(kServer, impatient));
}

TEST_CASE("congestion: a refusal halves the window, refusals at the same time count once") {
  Congestion congestion;
  std::vector<Congestion::Place> places;
  for (int i = 0; i < 16; ++i) places.push_back(std::move(*congestion.enter(kServer, patient)));
  for (auto& place : places) place.refused();
  CHECK(congestion.window(kServer) == 8);
}

TEST_CASE("congestion: a round of answers adds one") {
  Congestion congestion;
  {
    std::vector<Congestion::Place> places;
    for (int i = 0; i < 8; ++i) places.push_back(std::move(*congestion.enter(kServer, patient)));
    places.front().refused();
  }
  CHECK(congestion.window(kServer) == 4);
  for (int i = 0; i < 4; ++i) congestion.enter(kServer, patient)->answered();
  CHECK(congestion.window(kServer) > 4.8);
  CHECK(congestion.window(kServer) < 5.1);
}

TEST_CASE("congestion: one server's trouble is not another's") {
  Congestion congestion;
  congestion.enter(kServer, patient)->refused();
  CHECK(congestion.window("http://other:1") == 0);
}

TEST_CASE(
    "congestion: a server that takes four at once is soon asked four at once, and all get "
    "answers") {
  std::atomic<int> at_once = 0;
  std::atomic<int> refusals = 0;
  LoopbackServer server([&](const RecordedRequest&) {
    const int now = ++at_once;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ScriptedReply reply;
    if (now > 4) {
      ++refusals;
      reply.status = 429;
    }
    reply.body = "{}";
    --at_once;
    return reply;
  });
  HttpService http(
      [](std::chrono::milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(1)); });
  Endpoint endpoint;
  endpoint.base_url = server.url();
  endpoint.max_retries = 20;
  std::atomic<int> answers = 0;
  parallel_for(200, 16, [&](std::size_t) {
    sdk::HttpRequest request;
    request.url = server.url() + "/x";
    request.body = "{}";
    const auto answer = http.send(request, endpoint, nullptr);
    if (answer && answer->status == 200) ++answers;
  });
  CHECK(answers == 200);
  // Sixteen callers that only retried would be refused several hundred times.
  CAPTURE(refusals.load());
  CHECK(refusals < 150);
}
