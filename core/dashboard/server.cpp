#include "core/dashboard/server.hpp"

#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/ThreadPool.h>
#include <fcntl.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "core/dashboard/http_serving.hpp"
#include "core/dashboard/site.hpp"

namespace jarvis::dashboard {

namespace net = Poco::Net;

namespace {

constexpr int kMostStreams = 8;
constexpr std::chrono::milliseconds kLook{500};
constexpr int kLooksBetweenSigns = 20;

/** Whether the client has closed the connection: without a look, only a write tells. */
bool has_gone(net::StreamSocket client) {
  char byte;
  return client.poll(Poco::Timespan(0), net::Socket::SELECT_READ) &&
         client.receiveBytes(&byte, 1, MSG_PEEK) <= 0;
}

}  // namespace

struct Server::State {
  State(Parts parts, net::ServerSocket listening)
      : socket(std::move(listening)), site(std::move(parts), socket.address().port()) {}

  Poco::ThreadPool threads{2, kMostConnections};
  net::ServerSocket socket;
  Site site;
  std::mutex mutex;
  std::condition_variable stopping;
  bool is_stopping = false;
  std::atomic<int> streams = 0;
  std::unique_ptr<net::HTTPServer> server;

  /** False when the server stops. */
  bool pause() {
    std::unique_lock lock(mutex);
    return !stopping.wait_for(lock, kLook, [this] { return is_stopping; });
  }

  /** Says "change" whenever something is not as in `known` any more, until the client goes or the
   * server stops. */
  void stream(std::string known, const net::StreamSocket& client, std::ostream& out) {
    out << "retry: 2000\n\n" << std::flush;
    for (int looks = 1; out.good() && pause() && !has_gone(client); ++looks) {
      std::string now = site.state();
      if (now != known) {
        known = std::move(now);
        out << "event: change\ndata: {}\n\n" << std::flush;
      } else if (looks % kLooksBetweenSigns == 0) {
        out << ": still here\n\n" << std::flush;
      }
    }
  }

  void serve_stream(const Reply& reply, const net::StreamSocket& client,
                    net::HTTPServerResponse& response) {
    if (++streams > kMostStreams) {
      --streams;
      Reply busy = reply;
      busy.status = 503;
      busy.headers.emplace_back("Retry-After", "5");
      return send(busy, response);
    }
    response.setContentType(reply.type);
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    response.setChunkedTransferEncoding(true);
    response.setKeepAlive(false);
    // A client looks at its page again when the answer begins: what is known must be older.
    std::string known = site.state();
    try {
      stream(std::move(known), client, response.send());
    } catch (const Poco::Exception&) {
      // The client has gone.
    }
    --streams;
  }

  void serve(net::HTTPServerRequest& from, net::HTTPServerResponse& response) {
    Request request;
    if (!read_request(from, request)) {
      response.setKeepAlive(false);
      return send({413, "text/plain", "too much was sent\n"}, response);
    }
    const Reply reply = site.answer(request);
    if (reply.is_event_stream && request.method == "GET") {
      // The request is this server's own, and so of this class.
      return serve_stream(reply, static_cast<net::HTTPServerRequestImpl&>(from).socket(), response);
    }
    send(reply, response);
  }
};

Result<std::unique_ptr<Server>> Server::start(Parts parts, int port) try {
  net::ServerSocket socket;
  socket.bind(net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port)), true, false);
  socket.listen(kMostWaiting);
  // Programs that actions start would keep the port beyond the dashboard's end.
  ::fcntl(socket.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
  auto state = std::make_unique<State>(std::move(parts), std::move(socket));
  State& served = *state;
  const auto serve = [&served](net::HTTPServerRequest& request, net::HTTPServerResponse& response) {
    served.serve(request, response);
  };
  served.server = http_server(serve, served.threads, served.socket);
  served.server->start();
  return std::unique_ptr<Server>(new Server(std::move(state)));
} catch (const Poco::Exception& error) {
  return Error{ErrorKind::unavailable,
               "cannot serve on 127.0.0.1:" + std::to_string(port) + ": " + error.displayText(),
               "name another port with --port, or none for a free one"};
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->is_stopping = true;
  }
  state_->stopping.notify_all();
  state_->server->stopAll(true);
  state_->threads.joinAll();
}

std::string Server::address() const {
  return state_->site.address();
}

}  // namespace jarvis::dashboard
