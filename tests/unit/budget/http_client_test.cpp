#include "core/budget/http_client.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/base/parallel.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace jarvis;
using namespace jarvis::testing;

namespace {

/** A service that does not really wait, and counts how long it would have. */
struct Client {
  HttpService http{[this](std::chrono::milliseconds time) { waited_ms += time.count(); }};
  std::atomic<std::int64_t> waited_ms{0};
  Endpoint endpoint;

  explicit Client(const std::string& base_url) { endpoint.base_url = base_url; }

  Result<sdk::HttpResult> post(CallMeter* meter = nullptr,
                               const HttpService::Cancelled& cancelled = {}) {
    sdk::HttpRequest request;
    request.url = endpoint.base_url + "/v1/x";
    request.body = "{\"a\":1}";
    request.key_header = "authorization";
    request.key_prefix = "Bearer ";
    return http.send(request, endpoint, meter, cancelled);
  }
};

struct Money {
  TemporaryDirectory directory;
  SessionPurse purse{*Ledger::open(directory.path() / "ledger.jsonl"), "s", 10.0};
  CallMeter meter{&purse, Purpose::diagnosis, "m", *price_of("m", {1.0, 1.0})};
};

ScriptedReply status(int code, const std::string& body = "{}") {
  ScriptedReply reply;
  reply.status = code;
  reply.body = body;
  return reply;
}

/** Begins an answer and then sends a byte of it every few milliseconds, for ever. */
class TricklingServer {
 public:
  TricklingServer() : thread_([this] { serve(); }) {}
  ~TricklingServer() {
    stopped_ = true;
    thread_.join();
  }
  TricklingServer(const TricklingServer&) = delete;
  TricklingServer& operator=(const TricklingServer&) = delete;

  std::string url() const { return "http://" + socket_.address().toString(); }

 private:
  void serve() {
    while (!stopped_)
      if (socket_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) trickle();
  }

  void trickle() try {
    Poco::Net::StreamSocket client = socket_.acceptConnection();
    const std::string begin =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{";
    client.sendBytes(begin.data(), static_cast<int>(begin.size()));
    while (!stopped_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      client.sendBytes(" ", 1);
    }
  } catch (const Poco::Exception&) {
    // The client has gone.
  }

  Poco::Net::ServerSocket socket_{Poco::Net::SocketAddress("127.0.0.1", 0)};
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

/** Listens and takes no connection: what the system would take for it is taken up, so that nobody
 * gets an answer, not even a refusal. */
class FullServer {
 public:
  FullServer() {
    socket_.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
    socket_.listen(1);
    for (Poco::Net::StreamSocket& one : taken_) {
      try {
        one.connect(socket_.address(), Poco::Timespan(0, 200000));
      } catch (const Poco::TimeoutException&) {
        is_full_ = true;
      }
    }
  }
  bool is_full() const { return is_full_; }
  std::string url() const { return "http://" + socket_.address().toString(); }

 private:
  Poco::Net::ServerSocket socket_;
  std::array<Poco::Net::StreamSocket, 4> taken_;
  bool is_full_ = false;
};

}  // namespace

TEST_CASE("http: a server that is not there is unavailable, after one more attempt") {
  Client client(unreachable_url());
  const auto answer = client.post();
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::unavailable);
  CHECK(answer.error().message ==
        "cannot reach " + client.endpoint.base_url + ": connection refused");
}

TEST_CASE("fault: connect timeout: a server that takes no connection is given up, for no money") {
  const FullServer server;
  REQUIRE(server.is_full());
  Client client(server.url());
  client.endpoint.timeout_seconds = 1;
  Money money;
  const auto answer = client.post(&money.meter);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::unavailable);
  CHECK(answer.error().message.rfind("cannot reach " + client.endpoint.base_url, 0) == 0);
  CHECK(money.purse.unsettled_usd() == 0);
}

TEST_CASE("http: a refused connection leaves no money reserved") {
  Client client(unreachable_url());
  Money money;
  CHECK_FALSE(client.post(&money.meter).ok());
  CHECK(money.purse.unsettled_usd() == 0);
}

TEST_CASE("http: refuses an address outside the endpoint without sending anything") {
  LoopbackServer server({status(200)});
  Client client(server.url() + "/v1");
  sdk::HttpRequest request;
  request.url = server.url() + "/admin";
  const auto answer = client.http.send(request, client.endpoint, nullptr);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::refused);
  CHECK(server.requests().empty());
}

TEST_CASE("http: refuses methods and headers that are the host's") {
  LoopbackServer server({status(200)});
  Client client(server.url());
  const std::vector<std::pair<std::string, std::string>> bad[] = {
      {{"Host", "evil.test"}},
      {{"content-length", "3"}},
      {{"Connection", "close"}},
      {{"x", "a\r\nb: c"}},
      {{"x y", "a"}},
      {{"", "a"}},
      {{"Transfer-Encoding", "chunked"}}};
  for (const auto& headers : bad) {
    sdk::HttpRequest request{"POST", server.url() + "/x", headers, "", "", ""};
    CHECK_FALSE(client.http.send(request, client.endpoint, nullptr).ok());
  }
  CHECK_FALSE(
      client.http.send({"DELETE", server.url() + "/x", {}, "", "", ""}, client.endpoint, nullptr)
          .ok());
  CHECK(server.requests().empty());
}

TEST_CASE("http: retries passing faults and gives the answer that came at last") {
  for (const int fault : {408, 409, 429, 500, 501, 502, 503, 504, 529}) {
    CAPTURE(fault);
    LoopbackServer server({status(fault), status(fault), status(200, "done")});
    Client client(server.url());
    const auto answer = client.post();
    REQUIRE(answer.ok());
    CHECK(answer->status == 200);
    CHECK(answer->body == "done");
    CHECK(server.requests().size() == 3);
  }
}

TEST_CASE("http: never retries what will not mend") {
  for (const int fault : {301, 400, 401, 403, 404}) {
    CAPTURE(fault);
    LoopbackServer server({status(fault, "why"), status(200)});
    Client client(server.url());
    const auto answer = client.post();
    REQUIRE(answer.ok());
    CHECK(answer->status == fault);
    CHECK(answer->body == "why");
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("http: never retries a 429 that reports a spending limit") {
  LoopbackServer server({status(429, R"({"error":{"code":"insufficient_quota"}})"), status(200)});
  Client client(server.url());
  CHECK(client.post()->status == 429);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("http: gives the last answer when the attempts are used up") {
  LoopbackServer server({status(503, "busy")});
  Client client(server.url());
  client.endpoint.max_retries = 2;
  CHECK(client.post()->status == 503);
  CHECK(server.requests().size() == 3);
}

TEST_CASE("http: waits as long as retry-after asks") {
  ScriptedReply busy = status(429);
  busy.headers = {{"Retry-After", "7"}};
  LoopbackServer server({busy, status(200)});
  Client client(server.url());
  CHECK(client.post()->status == 200);
  CHECK(client.waited_ms == 7000);
}

TEST_CASE("http: does not begin a wait that ends after the deadline") {
  ScriptedReply busy = status(429);
  busy.headers = {{"Retry-After", "60"}};
  LoopbackServer server({busy, status(200)});
  Client client(server.url());
  client.endpoint.deadline_seconds = 30;
  CHECK(client.post()->status == 429);
}

TEST_CASE("http: an answer that is cut short is asked for again, and its money stays counted") {
  ScriptedReply cut = status(200, "{\"id\":\"x\",\"content\":[{");
  cut.missing_bytes = 4000;
  LoopbackServer server({cut, status(200, "{}")});
  Client client(server.url());
  Money money;
  const auto answer = client.post(&money.meter);
  REQUIRE(answer.ok());
  CHECK(answer->body == "{}");
  REQUIRE(money.meter.finish({}).ok());
  CHECK(money.purse.unsettled_usd() > 0);
  CHECK(money.purse.spent_usd() == 0);
}

TEST_CASE("http: a chunked answer whose JSON breaks off is asked for again") {
  ScriptedReply cut;
  cut.raw = true;
  cut.body =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\n{\"a\":\r\n";
  ScriptedReply whole = json_reply({{"a", 1}});
  whole.chunked = true;
  LoopbackServer server({cut, whole});
  Client client(server.url());
  CHECK(client.post()->body == "{\"a\":1}");
  CHECK(server.requests().size() == 2);
}

TEST_CASE("http: connections that are dropped end in a retryable error") {
  ScriptedReply nothing;
  nothing.raw = true;
  LoopbackServer server({nothing});
  Client client(server.url());
  client.endpoint.max_retries = 2;
  const auto answer = client.post();
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::retryable);
  CHECK(server.requests().size() == 3);
}

TEST_CASE("http: bytes that are no HTTP end in a retryable error") {
  ScriptedReply garbage;
  garbage.raw = true;
  garbage.body = "SSH-2.0-OpenSSH_9.2\r\n\r\n";
  LoopbackServer server({garbage});
  Client client(server.url());
  client.endpoint.max_retries = 1;
  const auto answer = client.post();
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::retryable);
}

TEST_CASE("http: a server that says nothing is given up, and its money stays counted") {
  ScriptedReply silent;
  silent.hang = true;
  LoopbackServer server({silent});
  Client client(server.url());
  client.endpoint.timeout_seconds = 1;
  client.endpoint.max_retries = 0;
  Money money;
  const auto answer = client.post(&money.meter);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::retryable);
  CHECK(answer.error().message == "no answer from " + client.endpoint.base_url + " within 1 s");
  CHECK(money.purse.unsettled_usd() > 0);
}

TEST_CASE("http: all attempts together end with the deadline") {
  ScriptedReply silent;
  silent.hang = true;
  LoopbackServer server({silent});
  Client client(server.url());
  client.endpoint.deadline_seconds = 1;
  const auto answer = client.post();
  REQUIRE_FALSE(answer.ok());
  CHECK(server.requests().size() == 1);
}

TEST_CASE(
    "fault: a byte every now and then: given up at the deadline, however long it would go on") {
  const TricklingServer server;
  Client client(server.url());
  client.endpoint.deadline_seconds = 1;
  Money money;
  const auto answer = client.post(&money.meter);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::retryable);
  CHECK(money.purse.unsettled_usd() > 0);
}

TEST_CASE("fault: a stream cut at every byte: never taken for a whole answer") {
  const std::string text =
      "event: message_start\ndata: {\"type\":\"message_start\"}\n\n"
      "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    CAPTURE(cut);
    ScriptedReply reply = status(200, text.substr(0, cut));
    reply.headers = {{"Content-Type", "text/event-stream"}};
    reply.missing_bytes = static_cast<int>(text.size() - cut);
    LoopbackServer server({reply});
    Client client(server.url());
    client.endpoint.max_retries = 0;
    const auto answer = client.post();
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().kind == ErrorKind::retryable);
  }
}

TEST_CASE("fault: a gzip bomb: its bytes are never unpacked") {
  // The header of a gzip file, and what a thousand megabytes of zeros begin with.
  ScriptedReply bomb =
      status(200, std::string("\x1f\x8b\x08\0\0\0\0\0\x02\x03", 10) + std::string(3000, '\x01'));
  bomb.headers = {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}};
  LoopbackServer server({bomb});
  Client client(server.url());
  client.endpoint.max_retries = 0;
  client.endpoint.max_body_bytes = 20000;
  const auto answer = client.post();
  CHECK(server.requests().at(0).headers.count("accept-encoding") == 0);
  if (answer)
    CHECK(answer->body.size() <= 20000);
  else
    CHECK(answer.error().kind != ErrorKind::internal);
}

TEST_CASE("http: a caller that cancels does not wait for the answer") {
  ScriptedReply silent;
  silent.hang = true;
  LoopbackServer server({silent});
  Client client(server.url());
  const auto answer = client.post(nullptr, [&] { return !server.requests().empty(); });
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::cancelled);
}

TEST_CASE("http: an answer that is too large is refused, with and without a length") {
  for (const bool chunked : {false, true}) {
    ScriptedReply large = status(200, std::string(5000, 'x'));
    large.chunked = chunked;
    LoopbackServer server({large});
    Client client(server.url());
    client.endpoint.max_body_bytes = 4096;
    const auto answer = client.post();
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().kind == ErrorKind::invalid);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("http: does not ask when the money does not allow it") {
  LoopbackServer server({status(200)});
  Client client(server.url());
  client.endpoint.max_output_tokens = 100'000'000;
  Money money;
  const auto answer = client.post(&money.meter);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::budget);
  CHECK(server.requests().empty());
}

TEST_CASE("http: reserves what a request asks for, where that is more than its endpoint has") {
  LoopbackServer server({status(200)});
  Client client(server.url());
  Money money;
  sdk::HttpRequest request{"POST", server.url() + "/x", {}, R"({"max_tokens":100000000})", "", ""};
  const auto answer = client.http.send(request, client.endpoint, &money.meter);
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::budget);
}

TEST_CASE("http: the key goes into its header alone, and out of what comes back") {
  LoopbackServer server([](const RecordedRequest& request) {
    return status(401, "bad key: " + request.headers.at("authorization"));
  });
  Client client(server.url());
  client.endpoint.key = Secret::of("sk-very-secret");
  const auto answer = client.post();
  CHECK(server.requests()[0].headers.at("authorization") == "Bearer sk-very-secret");
  CHECK(answer->body == "bad key: Bearer [key]");
}

TEST_CASE("http: a placeholder for a key leaves the words of an answer alone") {
  LoopbackServer server({status(200, R"({"type":"text"})")});
  Client client(server.url());
  client.endpoint.key = Secret::of("x");
  CHECK(client.post()->body == R"({"type":"text"})");
}

TEST_CASE("http: no key header is sent without a key") {
  LoopbackServer server({status(200)});
  Client client(server.url());
  CHECK(client.post().ok());
  CHECK(server.requests()[0].headers.count("authorization") == 0);
}

TEST_CASE("http: bytes that are no UTF-8 do not get further") {
  LoopbackServer server({status(200, "a\xff\xc3z")});
  Client client(server.url());
  CHECK(client.post()->body == "a\xEF\xBF\xBD\xEF\xBF\xBDz");
}

TEST_CASE("http: requests after each other share one connection") {
  LoopbackServer server({status(200), status(503), status(200)});
  Client client(server.url());
  for (int i = 0; i < 5; ++i) CHECK(client.post()->status == 200);
  CHECK(server.requests().size() == 6);
  CHECK(server.connections() == 1);
}

TEST_CASE("http: a kept connection that the server closed is not used again") {
  ScriptedReply last = status(200);
  last.close = true;
  LoopbackServer server({last});
  Client client(server.url());
  client.endpoint.max_retries = 0;
  for (int i = 0; i < 3; ++i) CHECK(client.post().ok());
  CHECK(server.connections() == 3);
}

TEST_CASE("http: many threads are served at once over as many connections at most") {
  LoopbackServer server([](const RecordedRequest& request) { return status(200, request.body); });
  Client client(server.url());
  std::atomic<int> good{0};
  parallel_for(64, 8, [&](std::size_t) {
    const auto answer = client.post();
    if (answer && answer->body == "{\"a\":1}") ++good;
  });
  CHECK(good == 64);
  CHECK(server.connections() <= 8);
}

TEST_CASE("http: a name that nobody has is unavailable") {
  Client client("http://no-such-host.invalid");
  const auto answer = client.post();
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().kind == ErrorKind::unavailable);
}
