#include "core/budget/endpoint.hpp"

#include <Poco/Exception.h>
#include <Poco/String.h>
#include <Poco/URI.h>
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace jarvis {

namespace {

using Bytes = std::array<unsigned char, 16>;

bool is_private_ipv4(const unsigned char* bytes) {
  return bytes[0] == 127 || bytes[0] == 10 || (bytes[0] == 172 && (bytes[1] & 0xf0) == 16) ||
         (bytes[0] == 192 && bytes[1] == 168) || (bytes[0] == 169 && bytes[1] == 254);
}

bool is_private_ipv6(const Bytes& bytes) {
  static constexpr Bytes kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  static constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (bytes == kLoopback) return true;
  if (std::equal(kMapped.begin(), kMapped.end(), bytes.begin()))
    return is_private_ipv4(bytes.data() + kMapped.size());
  const bool unique_local = (bytes[0] & 0xfe) == 0xfc;
  const bool link_local = bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
  return unique_local || link_local;
}

bool has_dot_segment(const Poco::URI& uri) {
  // getPath gives the decoded path, so "%2e%2e" is seen as well.
  std::vector<std::string> segments;
  Poco::URI decoded;
  decoded.setPath(uri.getPath());
  decoded.getPathSegments(segments);
  return std::any_of(segments.begin(), segments.end(),
                     [](const std::string& part) { return part == "." || part == ".."; });
}

std::string without_brackets(std::string host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  return Poco::toLower(host);
}

std::string path_prefix(const std::string& path) {
  std::string prefix = path.substr(0, path.find('?'));
  while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  return prefix;
}

Error not_a_url(const std::string& url, const std::string& why) {
  return {ErrorKind::invalid, "'" + url + "' is not a usable address: " + why,
          "give http(s)://host[:port][/path]"};
}

}  // namespace

std::string Address::origin() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return scheme + "://" + (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Address> parse_address(const std::string& url) {
  const auto is_bad = [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '\\'; };
  if (std::any_of(url.begin(), url.end(), is_bad))
    return Error{ErrorKind::invalid, "the address holds a space or a control character", ""};
  try {
    const Poco::URI uri(url);
    // The address itself stays out of the message: what stands before the @ is a password.
    if (!uri.getUserInfo().empty())
      return Error{ErrorKind::invalid, "the address holds a user name or a password",
                   "give the key in an environment variable"};
    if (uri.getScheme() != "http" && uri.getScheme() != "https")
      return not_a_url(url, "it is neither http nor https");
    if (uri.getHost().empty()) return not_a_url(url, "it names no host");
    if (!uri.getFragment().empty()) return not_a_url(url, "it has a fragment");
    if (has_dot_segment(uri)) return not_a_url(url, "its path has '.' or '..' in it");
    Address address{uri.getScheme(), without_brackets(uri.getHost()), uri.getPort(),
                    uri.getPathAndQuery()};
    if (address.path.empty() || address.path.front() != '/') address.path = "/" + address.path;
    return address;
  } catch (const Poco::Exception& error) {
    return not_a_url(url, error.displayText());
  }
}

Result<Address> address_within(const Endpoint& endpoint, const std::string& url) {
  auto address = parse_address(url);
  if (!address) return address;
  if (endpoint.base_url.empty()) {
    if (is_private_host(address->host)) return address;
    return Error{
        ErrorKind::refused,
        "'" + address->origin() + "' is not a private address, and no endpoint is configured",
        "set base_url in config.toml to reach it"};
  }
  const auto base = parse_address(endpoint.base_url);
  if (!base) return base;
  const std::string prefix = path_prefix(base->path);
  const std::string& path = address->path;
  const bool below =
      path.compare(0, prefix.size(), prefix) == 0 &&
      (path.size() == prefix.size() || path[prefix.size()] == '/' || path[prefix.size()] == '?');
  if (address->origin() == base->origin() && below) return address;
  return Error{ErrorKind::refused,
               "'" + url + "' lies outside the configured endpoint '" + endpoint.base_url + "'",
               "a plugin may only reach the endpoint that config.toml gives it"};
}

bool is_private_host(const std::string& host) {
  const std::string name = without_brackets(host);
  if (name == "localhost" || Poco::endsWith(name, std::string(".localhost"))) return true;
  Bytes bytes{};
  if (inet_pton(AF_INET, name.c_str(), bytes.data()) == 1) return is_private_ipv4(bytes.data());
  const std::string without_zone = name.substr(0, name.find('%'));
  return inet_pton(AF_INET6, without_zone.c_str(), bytes.data()) == 1 && is_private_ipv6(bytes);
}

bool is_private_address(const std::string& url) {
  const auto address = parse_address(url);
  return address && is_private_host(address->host);
}

}  // namespace jarvis
