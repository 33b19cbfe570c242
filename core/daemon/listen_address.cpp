#include "core/daemon/listen_address.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace jarvis {

namespace {

constexpr int kLastPort = 65535;

bool is_v6(const std::string& text) {
  in6_addr address;
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_v4(const std::string& text) {
  in_addr address;
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}

Error wrong(const std::string& text, const std::string& why) {
  return {ErrorKind::invalid, "'" + text + "' is no address to listen at: " + why,
          "write it as \"127.0.0.1:9464\" or \"[::1]:9464\""};
}

}  // namespace

bool is_ip_address(const std::string& text) {
  return is_v4(text) || is_v6(text);
}

std::string ListenAddress::text() const {
  return (is_v6(host) ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<ListenAddress> listen_address_from(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong(text, "it has no port");
  ListenAddress address;
  const std::string digits = text.substr(colon + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), address.port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
      address.port < 0 || address.port > kLastPort)
    return wrong(text, "'" + digits + "' is no port");
  std::string host = text.substr(0, colon);
  if (host.empty() || host == "localhost") return address;
  const bool in_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (in_brackets ? !is_v6(host) : !is_v4(host))
    return wrong(text, "'" + host + "' is no IP address");
  address.host = host;
  address.is_loopback = in_brackets ? host == "::1" : host.rfind("127.", 0) == 0;
  return address;
}

}  // namespace jarvis
