#pragma once

#include <map>
#include <string>
#include <vector>

namespace jarvis::testing {

/** What a server answered. Header names are in lower case. */
struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;

  std::string header(const std::string& name) const;
  bool has(const std::string& text) const { return body.find(text) != std::string::npos; }
};

using Headers = std::vector<std::pair<std::string, std::string>>;

/** Sends one request with exactly these headers, on a connection of its own. */
Answer send_request(int port, const std::string& method, const std::string& target,
                    const Headers& headers, const std::string& body = {});

/** Sends bytes as they are and gives what comes back until the server closes, or falls silent for a
 * second. */
std::string send_bytes(int port, const std::string& bytes);

/** The fields as a form sends them. */
std::string form_text(const std::map<std::string, std::string>& fields);

}  // namespace jarvis::testing
