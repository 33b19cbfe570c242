#pragma once

#include <optional>
#include <string>

#include "core/budget/endpoint.hpp"

namespace jarvis {

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
};

/** The proxy that the environment names for this address; never one for a private address. */
std::optional<Proxy> proxy_for(const Address& address);

}  // namespace jarvis
