#include "core/metrics/metrics_server.hpp"

#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>
#include <fcntl.h>
#include <unistd.h>

#include <mutex>

#include "core/daemon/daemon.hpp"
#include "core/dashboard/access.hpp"
#include "core/dashboard/http_serving.hpp"
#include "core/metrics/home_metrics.hpp"

namespace jarvis {

namespace net = Poco::Net;
using dashboard::Reply;
using dashboard::Request;

namespace {

constexpr const char* kType = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::size_t kLongestHostName = 256;

class WallClock : public Clock {
 public:
  double now() const override { return wall_clock(); }
};

std::string machine_name() {
  char name[kLongestHostName] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? Poco::toLower(std::string(name)) : "";
}

/** Of "name:9464" and "[::1]:9464". */
std::string without_port(const std::string& host) {
  if (!host.empty() && host[0] == '[') {
    const std::size_t end = host.find(']');
    return end == std::string::npos ? "" : host.substr(1, end - 1);
  }
  return host.substr(0, host.rfind(':'));
}

Reply plain(int status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text + "\n"};
}

}  // namespace

bool is_host_of(const std::string& host, const ListenAddress& address) {
  if (dashboard::is_own_host(host, address.port) || host == address.text()) return true;
  if (address.is_loopback) return false;
  const std::string name = without_port(host);
  const std::string own = machine_name();
  return is_ip_address(name) || (!own.empty() && Poco::toLower(name) == own);
}

struct MetricsServer::State {
  State(std::filesystem::path home, std::string version)
      : metrics(std::move(home), clock, std::move(version)) {}

  ListenAddress address;
  net::ServerSocket socket;
  WallClock clock;
  std::mutex mutex;  ///< of the metrics
  HomeMetrics metrics;
  std::unique_ptr<Poco::ThreadPool> threads;
  std::unique_ptr<net::HTTPServer> server;

  Reply answer(const Request& request) {
    if (!is_host_of(request.header("host"), address)) return plain(403, "wrong host");
    const auto target = dashboard::parse_target(request.target);
    if (!target || target->path != "/metrics") return plain(404, "metrics are at /metrics");
    const std::lock_guard lock(mutex);
    return {200, kType, metrics.text()};
  }

  void serve(net::HTTPServerRequest& from, net::HTTPServerResponse& response) {
    Request request;
    Reply reply;
    // What is sent along with anything else is not waited for.
    const bool is_read = from.getMethod() == "GET" || from.getMethod() == "HEAD";
    if (!is_read) {
      reply = plain(405, "metrics are read with GET");
      reply.headers.emplace_back("Allow", "GET, HEAD");
    } else if (dashboard::read_request(from, request)) {
      reply = answer(request);
    } else {
      reply = plain(413, "too much was sent");
    }
    if (reply.status != 200) response.setKeepAlive(false);
    reply.headers.insert(reply.headers.end(), {{"X-Content-Type-Options", "nosniff"},
                                               {"Cross-Origin-Resource-Policy", "same-origin"},
                                               {"Cache-Control", "no-store"}});
    dashboard::send(reply, response);
  }
};

MetricsServer::MetricsServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

MetricsServer::~MetricsServer() {
  if (!state_->server) return;
  state_->server->stopAll(true);
  state_->threads->joinAll();
}

Result<std::shared_ptr<MetricsServer>> MetricsServer::listen(const ListenAddress& address,
                                                             std::filesystem::path home,
                                                             std::string version) try {
  auto state = std::make_unique<State>(std::move(home), std::move(version));
  state->socket.bind(net::SocketAddress(address.host, static_cast<Poco::UInt16>(address.port)),
                     true, false);
  state->socket.listen(dashboard::kMostWaiting);
  // Programs that the daemon's sessions start have no part in it.
  ::fcntl(state->socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
  state->address = address;
  state->address.port = state->socket.address().port();
  return std::shared_ptr<MetricsServer>(new MetricsServer(std::move(state)));
} catch (const Poco::Exception& error) {
  return Error{ErrorKind::unavailable,
               "cannot serve metrics at " + address.text() + ": " + error.displayText(),
               "set another address in learning.distillation.daemon.metrics_address, or \"\""};
}

const ListenAddress& MetricsServer::address() const {
  return state_->address;
}

Result<void> MetricsServer::serve() try {
  State& served = *state_;
  served.threads = std::make_unique<Poco::ThreadPool>(2, dashboard::kMostConnections);
  served.server = dashboard::http_server(
      [&served](net::HTTPServerRequest& request, net::HTTPServerResponse& response) {
        served.serve(request, response);
      },
      *served.threads, served.socket);
  served.server->start();
  return {};
} catch (const Poco::Exception& error) {
  return Error{ErrorKind::unavailable,
               "cannot serve metrics at " + state_->address.text() + ": " + error.displayText(),
               ""};
}

}  // namespace jarvis
