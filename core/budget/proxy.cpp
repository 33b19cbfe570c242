#include "core/budget/proxy.hpp"

#include <Poco/String.h>
#include <Poco/StringTokenizer.h>

#include <cstdlib>

namespace jarvis {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string either(const char* first, const char* second) {
  const std::string value = environment(first);
  return value.empty() ? environment(second) : value;
}

bool is_excepted(const std::string& host) {
  const Poco::StringTokenizer names(
      either("no_proxy", "NO_PROXY"), ",",
      Poco::StringTokenizer::TOK_TRIM | Poco::StringTokenizer::TOK_IGNORE_EMPTY);
  for (std::string name : names) {
    if (name == "*") return true;
    name = Poco::toLower(name);
    if (name.front() == '.') name.erase(0, 1);
    if (host == name || Poco::endsWith(host, "." + name)) return true;
  }
  return false;
}

}  // namespace

std::optional<Proxy> proxy_for(const Address& address) {
  if (is_private_host(address.host) || is_excepted(address.host)) return std::nullopt;
  // HTTP_PROXY in capitals can be set by a client of a CGI program, so it is not read.
  std::string url =
      address.scheme == "https" ? either("https_proxy", "HTTPS_PROXY") : environment("http_proxy");
  if (url.empty()) return std::nullopt;
  if (url.find("://") == std::string::npos) url = "http://" + url;
  const auto proxy = parse_address(url);
  if (!proxy || proxy->scheme != "http") return std::nullopt;
  return Proxy{proxy->host, proxy->port};
}

}  // namespace jarvis
