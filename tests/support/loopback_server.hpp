#pragma once

#include <boost/json.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace jarvis::testing {

/** What a client sent. Header names are in lower case. */
struct RecordedRequest {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;
  std::string body;
  std::string client;  ///< address and port: the same for all requests of one connection

  /** The body as a JSON object; throws when it is none. */
  boost::json::object json() const;
};

/** What the server does with one request. */
struct ScriptedReply {
  int status = 200;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /** How often the body is sent, one after the other. */
  std::size_t times = 1;
  /** Promises this many bytes more than the body has, then closes the connection. */
  int missing_bytes = 0;
  /** Sends the body in chunks, without a length. */
  bool chunked = false;
  /** Closes the connection after the answer. */
  bool close = false;
  /** Answers nothing until the server goes away. */
  bool hang = false;
  /** Sends `body` as it is, without status line and headers, and closes the connection. */
  bool raw = false;
};

ScriptedReply json_reply(const boost::json::object& body, int status = 200);

/** An HTTP server on a free port of 127.0.0.1, for one test. Every request is recorded, then
 * answered by the handler, which is called from many threads at once. */
class LoopbackServer {
 public:
  using Handler = std::function<ScriptedReply(const RecordedRequest&)>;

  explicit LoopbackServer(Handler handler);
  /** Gives the replies in order, and the last one again and again. */
  explicit LoopbackServer(std::vector<ScriptedReply> replies);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  /** "http://127.0.0.1:PORT" */
  std::string url() const;
  std::vector<RecordedRequest> requests() const;
  /** How many connections carried the requests so far. */
  std::size_t connections() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/** An address of this machine where nothing listens: "http://127.0.0.1:PORT". */
std::string unreachable_url();

}  // namespace jarvis::testing
