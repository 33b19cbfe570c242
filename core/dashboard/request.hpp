#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace jarvis::dashboard {

/** What a client sent. */
struct Request {
  std::string method;
  std::string target;  ///< as it was sent: path and query
  /** Names in lower case. One that was sent twice holds both values, with a comma between. */
  std::map<std::string, std::string> headers;
  std::string body;

  /** Empty when it was not sent. */
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

/** What it gets. */
struct Reply {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  /** Instead of the body: the stream of events, until the client goes. */
  bool is_event_stream = false;
};

}  // namespace jarvis::dashboard
