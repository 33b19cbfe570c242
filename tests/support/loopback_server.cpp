#include "tests/support/loopback_server.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/String.h>
#include <Poco/ThreadPool.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <stdexcept>

namespace jarvis::testing {

namespace net = Poco::Net;

boost::json::object RecordedRequest::json() const {
  return boost::json::parse(body).as_object();
}

ScriptedReply json_reply(const boost::json::object& body, int status) {
  ScriptedReply reply;
  reply.status = status;
  reply.body = boost::json::serialize(body);
  reply.headers = {{"Content-Type", "application/json"}};
  return reply;
}

struct LoopbackServer::State {
  Handler handler;
  std::mutex mutex;
  std::condition_variable stopping;
  bool stopped = false;
  std::vector<RecordedRequest> requests;
  std::set<std::string> clients;
  Poco::ThreadPool threads{2, 32};
  net::ServerSocket socket{net::SocketAddress("127.0.0.1", 0)};
  std::unique_ptr<net::HTTPServer> server;

  void record(const RecordedRequest& request) {
    const std::lock_guard lock(mutex);
    requests.push_back(request);
    clients.insert(request.client);
  }

  void wait_for_end() {
    std::unique_lock lock(mutex);
    stopping.wait(lock, [&] { return stopped; });
  }
};

namespace {

RecordedRequest recorded(net::HTTPServerRequest& request) {
  RecordedRequest record{
      request.getMethod(), request.getURI(), {}, {}, request.clientAddress().toString()};
  for (const auto& [name, value] : request) record.headers[Poco::toLower(name)] = value;
  Poco::StreamCopier::copyToString(request.stream(), record.body);
  return record;
}

void send(const ScriptedReply& reply, net::HTTPServerRequest& request,
          net::HTTPServerResponse& response) {
  if (reply.raw) {
    net::StreamSocket socket = static_cast<net::HTTPServerRequestImpl&>(request).detachSocket();
    if (!reply.body.empty())
      socket.sendBytes(reply.body.data(), static_cast<int>(reply.body.size()));
    socket.shutdown();
    return;
  }
  response.setStatus(std::to_string(reply.status));
  response.setReason("scripted");
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  if (reply.chunked)
    response.setChunkedTransferEncoding(true);
  else
    response.setContentLength(static_cast<std::streamsize>(reply.body.size() * reply.times) +
                              reply.missing_bytes);
  if (reply.close || reply.missing_bytes > 0) response.setKeepAlive(false);
  std::ostream& stream = response.send();
  for (std::size_t time = 0; time < reply.times && stream; ++time)
    stream.write(reply.body.data(), static_cast<std::streamsize>(reply.body.size()));
  stream.flush();
}

/** Calls a function for each request. */
class Answerer : public net::HTTPRequestHandler {
 public:
  using Function = std::function<void(net::HTTPServerRequest&, net::HTTPServerResponse&)>;
  explicit Answerer(const Function& function) : function_(function) {}
  void handleRequest(net::HTTPServerRequest& request, net::HTTPServerResponse& response) override {
    function_(request, response);
  }

 private:
  const Function& function_;
};

class AnswererFactory : public net::HTTPRequestHandlerFactory {
 public:
  explicit AnswererFactory(Answerer::Function function) : function_(std::move(function)) {}
  net::HTTPRequestHandler* createRequestHandler(const net::HTTPServerRequest&) override {
    return new Answerer(function_);
  }

 private:
  Answerer::Function function_;
};

LoopbackServer::Handler in_order(std::vector<ScriptedReply> replies) {
  if (replies.empty()) throw std::invalid_argument("a script needs a reply");
  struct Script {
    std::vector<ScriptedReply> replies;
    std::size_t next = 0;
    std::mutex mutex;
  };
  auto script = std::make_shared<Script>();
  script->replies = std::move(replies);
  return [script](const RecordedRequest&) {
    const std::lock_guard lock(script->mutex);
    const std::size_t index = std::min(script->next++, script->replies.size() - 1);
    return script->replies[index];
  };
}

}  // namespace

LoopbackServer::LoopbackServer(Handler handler) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.handler = std::move(handler);
  net::HTTPServerParams::Ptr parameters = new net::HTTPServerParams;
  parameters->setMaxThreads(32);
  parameters->setKeepAlive(true);
  const auto answer = [&state](net::HTTPServerRequest& request, net::HTTPServerResponse& response) {
    const RecordedRequest record = recorded(request);
    state.record(record);
    const ScriptedReply reply = state.handler(record);
    if (reply.hang) state.wait_for_end();
    send(reply, request, response);
  };
  state.server = std::make_unique<net::HTTPServer>(new AnswererFactory(answer), state.threads,
                                                   state.socket, parameters);
  state.server->start();
}

LoopbackServer::LoopbackServer(std::vector<ScriptedReply> replies)
    : LoopbackServer(in_order(std::move(replies))) {}

LoopbackServer::~LoopbackServer() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->stopping.notify_all();
  state_->server->stopAll(true);
  state_->threads.joinAll();
}

std::string LoopbackServer::url() const {
  return "http://127.0.0.1:" + std::to_string(state_->socket.address().port());
}

std::vector<RecordedRequest> LoopbackServer::requests() const {
  const std::lock_guard lock(state_->mutex);
  return state_->requests;
}

std::size_t LoopbackServer::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->clients.size();
}

std::string unreachable_url() {
  // Bound, but not listening: a connection is refused, and nobody else gets the port meanwhile.
  static net::StreamSocket holder = [] {
    net::StreamSocket socket(net::IPAddress::IPv4);
    socket.impl()->bind(net::SocketAddress("127.0.0.1", 0));
    return socket;
  }();
  return "http://127.0.0.1:" + std::to_string(holder.address().port());
}

}  // namespace jarvis::testing
