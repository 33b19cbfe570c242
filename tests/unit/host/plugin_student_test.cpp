#include "core/host/plugin_student.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "core/budget/session_purse.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using jarvis::testing::json_reply;
using jarvis::testing::LoopbackServer;
using jarvis::testing::RecordedRequest;
using jarvis::testing::ScriptedReply;
using jarvis::testing::TemporaryDirectory;

namespace {

/** A home of which the runner reads nothing. */
class NoHome : public HomeView {
 public:
  const std::filesystem::path& root() const override { return root_; }
  Result<std::string> read(const std::string&) const override { return std::string(); }
  Result<std::vector<std::string>> tracked_files() const override {
    return std::vector<std::string>();
  }

 private:
  std::filesystem::path root_ = "/nowhere";
};

struct Fixture {
  TemporaryDirectory directory;
  PluginHost plugins{[] {
    PluginPolicy policy;
    policy.built_in = SOUND_PLUGINS;
    return policy;
  }()};
  HttpService http{[](std::chrono::milliseconds) {}};
  SessionPurse purse{std::move(*Ledger::open(directory.path() / "ledger.jsonl")), "session", 1};
  NoHome home;
  StudentSettings settings;

  Fixture() {
    settings.section = "learning.distillation.student";
    settings.runner = "sound_runner";
    settings.max_retries = 0;
  }

  Result<std::unique_ptr<PluginStudent>> make() {
    return PluginStudent::make(plugins, http, settings, purse, {});
  }
};

/** Holds each request until `wanted` of them are under way in all servers together. */
struct Gate {
  explicit Gate(int count) : wanted(count) {}

  ScriptedReply pass() {
    ++arrived;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (arrived < wanted && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    ScriptedReply reply;
    reply.body = "done";
    return reply;
  }

  const int wanted;
  std::atomic<int> arrived{0};
};

}  // namespace

TEST_CASE("student: a runner that is not there is named") {
  Fixture fixture;
  fixture.settings.runner = "chatt";
  const auto student = fixture.make();
  REQUIRE(!student.ok());
  CHECK(student.error().message == "no plugin provides 'chatt' (student-runner/1)");
  CHECK(student.error().hint == "there are: sound_runner");
}

TEST_CASE("student: a key that is not set is named with the config key") {
  Fixture fixture;
  fixture.settings.base_urls = {"http://127.0.0.1:1"};
  fixture.settings.api_key_env = "JARVIS_TEST_NO_SUCH_KEY";
  const auto student = fixture.make();
  REQUIRE(!student.ok());
  CHECK(student.error().kind == ErrorKind::unavailable);
  CHECK(student.error().message.find("JARVIS_TEST_NO_SUCH_KEY") != std::string::npos);
  CHECK(student.error().hint.find("[learning.distillation.student] api_key_env") !=
        std::string::npos);
}

TEST_CASE("student: off this machine's network it needs a price, and is not local") {
  Fixture fixture;
  fixture.settings.base_urls = {"http://127.0.0.1:1", "https://models.example.org/v1"};
  const auto unpriced = fixture.make();
  REQUIRE(!unpriced.ok());
  CHECK(unpriced.error().kind == ErrorKind::configuration);
  CHECK(unpriced.error().hint.find("[learning.distillation.student] input_price_per_mtok") !=
        std::string::npos);
  fixture.settings.prices = {1.0, 2.0};
  const auto student = fixture.make();
  REQUIRE(student.ok());
  CHECK(!(*student)->is_local());
}

TEST_CASE("student: on private addresses, and without one, it is free and local") {
  Fixture fixture;
  CHECK((*fixture.make())->is_local());
  fixture.settings.base_urls = {"http://127.0.0.1:1", "http://10.1.2.3:8000/v1"};
  CHECK((*fixture.make())->is_local());
}

TEST_CASE("student: the probe asks every replica, and fails when one is down") {
  LoopbackServer up([](const RecordedRequest&) { return ScriptedReply{}; });
  Fixture fixture;
  fixture.settings.base_urls = {up.url(), up.url() + "/second"};
  CHECK((*fixture.make())->probe(fixture.home).ok());
  REQUIRE(up.requests().size() == 2);
  CHECK(up.requests()[0].target == "/probe");
  CHECK(up.requests()[1].target == "/second/probe");
  fixture.settings.base_urls = {up.url(), jarvis::testing::unreachable_url()};
  const auto down = (*fixture.make())->probe(fixture.home);
  REQUIRE(!down.ok());
  CHECK(down.error().kind == ErrorKind::unavailable);
}

TEST_CASE("student: requests at the same time are spread over the replicas") {
  constexpr int kRequests = 6;
  Gate gate(kRequests);
  LoopbackServer one([&](const RecordedRequest&) { return gate.pass(); });
  LoopbackServer two([&](const RecordedRequest&) { return gate.pass(); });
  Fixture fixture;
  fixture.settings.base_urls = {one.url(), two.url()};
  const auto student = fixture.make();
  REQUIRE(student.ok());
  std::vector<std::thread> threads;
  std::atomic<int> answered{0};
  for (int i = 0; i < kRequests; ++i)
    threads.emplace_back([&] {
      const auto answer = (*student)->answer(fixture.home, {"q", "general", ""});
      if (answer && answer->result.output == "done") ++answered;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == kRequests);
  CHECK(one.requests().size() == kRequests / 2);
  CHECK(two.requests().size() == kRequests / 2);
}

TEST_CASE("student: a replica that has fallen silent gets no more than its share") {
  LoopbackServer fast([](const RecordedRequest&) { return ScriptedReply{}; });
  Gate gate(2);
  LoopbackServer slow([&](const RecordedRequest&) { return gate.pass(); });
  Fixture fixture;
  fixture.settings.base_urls = {slow.url(), fast.url()};
  const auto student = fixture.make();
  REQUIRE(student.ok());
  std::thread waiting([&] { CHECK((*student)->answer(fixture.home, {"q", "general", ""}).ok()); });
  while (gate.arrived == 0) std::this_thread::yield();
  for (int i = 0; i < 5; ++i) CHECK((*student)->answer(fixture.home, {"q", "general", ""}).ok());
  ++gate.arrived;
  waiting.join();
  CHECK(fast.requests().size() == 5);
  CHECK(slow.requests().size() == 1);
}
