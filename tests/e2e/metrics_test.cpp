// The daemon's metrics as a monitoring system meets them.
#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <thread>

#include "tests/dashboard/client.hpp"
#include "tests/e2e/world.hpp"
#include "tests/support/made_up_home.hpp"
#include "tests/unit/metrics/exposition_reader.hpp"

using namespace jarvis::testing;
namespace json = boost::json;

namespace {

const std::vector<std::string> kAddress{"learning", "distillation", "daemon", "metrics_address"};

FakeBehaviour slow() {
  FakeBehaviour behaviour;
  behaviour.edits = four_edits();
  behaviour.latency = std::chrono::milliseconds(40);
  return behaviour;
}

/** A world whose daemon has a run to make up for, and serves its metrics at a free port. */
class MetricsWorld : public World {
 public:
  MetricsWorld() : World(slow()) {
    set_config(home, {"learning", "distillation", "triggers", "scheduled_cron"}, "0 0 1 1 *");
    set_config(home, {"learning", "distillation", "triggers", "cluster_enabled"}, false);
    set_config(home, kAddress, "127.0.0.1:0");
  }
  ~MetricsWorld() { run({"learning", "daemon", "stop", "--timeout", "20"}); }

  void miss_a_run() const { write("learning/daemon.json", R"({"served_until":1000000000})"); }

  /** The port that the daemon's log tells last. */
  int port() const {
    const std::string log = read("learning/logs/daemon.log"), mark = "http://127.0.0.1:";
    const std::size_t at = log.rfind(mark);
    REQUIRE(at != std::string::npos);
    return std::stoi(log.substr(at + mark.size()));
  }

  Answer ask() const {
    const std::string host = "127.0.0.1:" + std::to_string(port());
    return send_request(port(), "GET", "/metrics", {{"Host", host}});
  }
  ExpositionReader metrics() const {
    const Answer answer = ask();
    REQUIRE(answer.status == 200);
    return ExpositionReader(answer.body);
  }

  /** Until it holds; fails after a long time. */
  void wait_until(const std::function<bool()>& holds) const {
    for (int i = 0; i < 3000; ++i) {
      if (holds()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL("waited in vain:\n" << read("learning/logs/daemon.log"));
  }
};

}  // namespace

TEST_CASE("metrics: an address that is none is refused at the start, by its key") {
  const MetricsWorld world;
  set_config(world.home, kAddress, "example.org:9464");
  const auto finished = world.run({"learning", "daemon", "start"});
  CHECK(finished.status == 1);
  const std::string message = text_at(finished.json(), "/error/message");
  CHECK(message.find("daemon.metrics_address: 'example.org:9464'") != std::string::npos);
}

TEST_CASE("metrics: are served while a session works, and say what it came to") {
  const MetricsWorld world;
  world.miss_a_run();
  const auto started = world.run({"learning", "daemon", "start"});
  REQUIRE_MESSAGE(started.status == 0, started.out << started.err);
  world.wait_until([&] { return world.metrics().at("daemon_working") == 1; });
  world.wait_until([&] {
    const ExpositionReader now = world.metrics();
    return now.at("daemon_up") == 1 && now.at("daemon_working") == 1 &&
           now.at("sessions{status=\"executing\"}") == 1;
  });
  world.wait_until([&] { return world.metrics().at("daemon_working") == 0; });
  const ExpositionReader after = world.metrics();
  CHECK(after.at("sessions{status=\"awaiting_review\"}") == 1);
  CHECK(after.at("review_queue") == 1);
  CHECK(after.at("spent_usd_total{purpose=\"diagnosis\"}") > 0);
  CHECK(after.at("benchmark_version") == 1);
  CHECK(after.at("benchmark_score") > 0);
  CHECK(after.at("traces") == 60);
  CHECK(after.at("trigger_checks_total") > 0);
  CHECK(after.has("last_session_age_seconds"));
}

TEST_CASE("metrics: a second daemon with the same address is refused at the start") {
  const MetricsWorld first;
  REQUIRE(first.run({"learning", "daemon", "start"}).status == 0);
  const MetricsWorld second;
  const std::string taken = "127.0.0.1:" + std::to_string(first.port());
  set_config(second.home, kAddress, json::string_view(taken));
  const auto refused = second.run({"learning", "daemon", "start"});
  CHECK(refused.status == 1);
  CHECK(text_at(refused.json(), "/error/message").find(taken) != std::string::npos);
  CHECK(text_at(refused.json(), "/error/hint").find("metrics_address") != std::string::npos);
}

TEST_CASE("metrics: end with the daemon") {
  const MetricsWorld world;
  REQUIRE(world.run({"learning", "daemon", "start"}).status == 0);
  world.wait_until([&] { return world.ask().status == 200; });
  const int port = world.port();
  REQUIRE(world.run({"learning", "daemon", "stop"}).status == 0);
  CHECK_THROWS(send_request(port, "GET", "/metrics", {{"Host", "127.0.0.1"}}));
}
