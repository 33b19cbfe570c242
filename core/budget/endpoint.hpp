#pragma once

#include <cstdint>
#include <string>

#include "core/budget/secret.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Where one plugin's requests may go, and under which limits. */
struct Endpoint {
  /** Scheme, host, port and path prefix; a request to anything else is refused. Empty: any private
   *  address (is_private_address), and no key is ever sent. */
  std::string base_url;
  Secret key = {};
  int timeout_seconds = 120;   ///< to connect at most 10 of them, and for the next byte
  int deadline_seconds = 900;  ///< for all attempts together
  int max_retries = 5;
  std::int64_t max_output_tokens = 4096;  ///< reserved for each attempt, or what it asks for
  std::size_t max_body_bytes = std::size_t{64} << 20;
};

/** The parts of an http(s) URL. The host is in lower case, without brackets. */
struct Address {
  std::string scheme;
  std::string host;
  std::uint16_t port = 0;
  std::string path;  ///< with the query; at least "/"

  /** "http://host:port", for messages and as the key of a connection pool. */
  std::string origin() const;
};

/** Refuses other schemes, user names, fragments, control characters and dot segments. */
Result<Address> parse_address(const std::string& url);

/** The request's address when it lies at or below the endpoint's, else refused. */
Result<Address> address_within(const Endpoint& endpoint, const std::string& url);

/** Loopback, RFC 1918, fc00::/7 and link-local addresses written as numbers, and localhost. A name
 * is never looked up: it may point elsewhere the next time. */
bool is_private_host(const std::string& host);
bool is_private_address(const std::string& url);

}  // namespace jarvis
