#pragma once

#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** Where something is served. */
struct ListenAddress {
  std::string host = "127.0.0.1";  ///< an IP address
  int port = 0;                    ///< 0: a free one
  bool is_loopback = true;         ///< nobody off this machine gets there

  bool operator==(const ListenAddress&) const = default;
  /** "127.0.0.1:9464", "[::1]:9464". */
  std::string text() const;
};

/** Reads "127.0.0.1:9464", "[::1]:9464", "localhost:9464" and ":9464", which is this machine alone.
 * invalid for anything else: another name could come to mean another address. */
Result<ListenAddress> listen_address_from(const std::string& text);

/** Whether it is an IP address. */
bool is_ip_address(const std::string& text);

}  // namespace jarvis
