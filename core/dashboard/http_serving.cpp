#include "core/dashboard/http_serving.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <string_view>

namespace jarvis::dashboard {

namespace net = Poco::Net;

namespace {

constexpr int kReadSeconds = 10;
constexpr int kIdleSeconds = 15;
constexpr std::size_t kMostHeaderBytes = 16384;
constexpr std::size_t kMostBodyBytes = 65536;
// Who is still sending does not see the answer of a connection that is closed.
constexpr std::size_t kMostThrownAway = std::size_t{4} << 20;

class PageHandler : public net::HTTPRequestHandler {
 public:
  using Serve = std::function<void(net::HTTPServerRequest&, net::HTTPServerResponse&)>;
  explicit PageHandler(const Serve& serve) : serve_(serve) {}
  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    serve_(request, response);
  }

 private:
  const Serve& serve_;
};

class PageHandlerFactory : public net::HTTPRequestHandlerFactory {
 public:
  explicit PageHandlerFactory(PageHandler::Serve serve) : serve_(std::move(serve)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new PageHandler(serve_);
  }

 private:
  PageHandler::Serve serve_;
};

net::HTTPServerParams::Ptr limits() {
  net::HTTPServerParams::Ptr parameters = new net::HTTPServerParams;
  parameters->setMaxThreads(kMostConnections);
  parameters->setMaxQueued(kMostWaiting);
  parameters->setTimeout(Poco::Timespan(kReadSeconds, 0));
  parameters->setKeepAlive(true);
  parameters->setKeepAliveTimeout(Poco::Timespan(kIdleSeconds, 0));
  return parameters;
}

/** Whether every header ends where its line does. */
bool has_sound_headers(const Reply& reply) {
  return std::all_of(reply.headers.begin(), reply.headers.end(), [](const auto& header) {
    return header.second.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
  });
}

}  // namespace

bool read_request(net::HTTPServerRequest& from, Request& request) {
  request.method = from.getMethod();
  request.target = from.getURI();
  std::size_t size = 0;
  for (const auto& [name, value] : from) {
    size += name.size() + value.size();
    std::string& kept = request.headers[Poco::toLower(name)];
    kept += (kept.empty() ? "" : ", ") + value;
  }
  std::size_t sent = 0;
  char buffer[4096];
  std::istream& body = from.stream();
  while (body.read(buffer, sizeof buffer) || body.gcount() > 0) {
    const auto length = static_cast<std::size_t>(body.gcount());
    sent += length;
    if (sent <= kMostBodyBytes) request.body.append(buffer, length);
    if (sent > kMostThrownAway) break;
  }
  return size <= kMostHeaderBytes && sent <= kMostBodyBytes;
}

void send(const Reply& reply, net::HTTPServerResponse& response) {
  if (!has_sound_headers(reply))
    return send({500, "text/plain", "a header of the answer would have more than one line\n"},
                response);
  response.setStatus(static_cast<net::HTTPResponse::HTTPStatus>(reply.status));
  response.setReason(net::HTTPResponse::getReasonForStatus(response.getStatus()));
  response.setContentType(reply.type);
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.sendBuffer(reply.body.data(), reply.body.size());
}

std::unique_ptr<net::HTTPServer> http_server(
    std::function<void(net::HTTPServerRequest&, net::HTTPServerResponse&)> serve,
    Poco::ThreadPool& threads, const net::ServerSocket& socket) {
  return std::make_unique<net::HTTPServer>(new PageHandlerFactory(std::move(serve)), threads,
                                           socket, limits());
}

}  // namespace jarvis::dashboard
