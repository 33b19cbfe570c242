#include "core/metrics/metrics_server.hpp"

#include <doctest/doctest.h>

#include "tests/dashboard/client.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/metrics/exposition_reader.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

struct ServedMetrics {
  ServedMetrics() {
    auto listening = MetricsServer::listen({}, directory.path(), "1.2.3");
    REQUIRE(listening);
    server = *listening;
    REQUIRE(server->serve());
    port = server->address().port;
  }
  Answer ask(const std::string& method, const std::string& target, const std::string& host) const {
    return send_request(port, method, target, {{"Host", host}});
  }
  std::string own_host() const { return "127.0.0.1:" + std::to_string(port); }

  TemporaryDirectory directory;
  std::shared_ptr<MetricsServer> server;
  int port = 0;
};

}  // namespace

TEST_CASE("metrics server: answers at its own address alone") {
  const ServedMetrics served;
  const std::string port = ":" + std::to_string(served.port);
  for (const std::string host : {"evil.example", "127.0.0.1", "127.0.0.1:1",
                                 "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"}) {
    CAPTURE(host);
    CHECK(served.ask("GET", "/metrics", host == "127.0.0.1" ? host : host + port).status == 403);
  }
  for (const std::string host : {"127.0.0.1", "localhost"})
    CHECK(served.ask("GET", "/metrics", host + port).status == 200);
}

TEST_CASE("metrics server: has one page, which is only read") {
  const ServedMetrics served;
  for (const char* target : {"/", "/metrics/", "/metrics/../x", "/../metrics", "/traces", "*"})
    CHECK_MESSAGE(served.ask("GET", target, served.own_host()).status == 404, target);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    const Answer answer = served.ask(method, "/metrics", served.own_host());
    CHECK(answer.status == 405);
    CHECK(answer.header("allow") == "GET, HEAD");
  }
}

TEST_CASE("metrics server: speaks version 0.0.4 of the text form") {
  const ServedMetrics served;
  const Answer answer = served.ask("GET", "/metrics", served.own_host());
  CHECK(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(answer.header("x-content-type-options") == "nosniff");
  CHECK(answer.header("access-control-allow-origin").empty());
  CHECK(ExpositionReader(answer.body).at("build_info{version=\"1.2.3\"}") == 1);
}

TEST_CASE("metrics server: a port that is taken is an error that names the key") {
  const ServedMetrics served;
  const auto second = MetricsServer::listen(served.server->address(), served.directory.path(), "1");
  REQUIRE(!second);
  CHECK(second.error().kind == ErrorKind::unavailable);
  CHECK(second.error().message.find(served.own_host()) != std::string::npos);
  CHECK(second.error().hint.find("metrics_address") != std::string::npos);
}

TEST_CASE("metrics server: where others may ask, they do so by an address, not by any name") {
  const ListenAddress everywhere{"0.0.0.0", 9464, false};
  for (const char* host : {"10.0.0.7:9464", "10.0.0.7:80", "[fe80::1]:9464", "localhost:9464"})
    CHECK_MESSAGE(is_host_of(host, everywhere), host);
  for (const char* host : {"evil.example:9464", "evil.example", "", ":9464", "[evil]:9464", "["})
    CHECK_MESSAGE(!is_host_of(host, everywhere), host);
  const ListenAddress here{"::1", 9464, true};
  CHECK(is_host_of("[::1]:9464", here));
  CHECK(!is_host_of("10.0.0.7:9464", here));
}
