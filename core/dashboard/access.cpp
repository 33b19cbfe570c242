#include "core/dashboard/access.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <sstream>

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kLongestTarget = 2048;
constexpr std::size_t kLongestId = 128;
constexpr std::size_t kMostFields = 20;

std::string port_text(int port) {
  return ":" + std::to_string(port);
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~:").find(c) != std::string_view::npos;
}

/** What no target holds as it is sent, and what would end the line of a header. */
bool is_blank_or_control(char c) {
  return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
}

/** As forms write it: a plus sign is a blank. */
std::optional<std::string> decoded(std::string text) try {
  std::replace(text.begin(), text.end(), '+', ' ');
  std::string out;
  Poco::URI::decode(text, out);
  return out;
} catch (const Poco::Exception&) {
  return std::nullopt;
}

bool is_plain_path(std::string_view path) {
  if (path.empty() || path[0] != '/') return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '/' && !is_plain(path[i])) return false;
    const bool begins_part = i > 0 && path[i - 1] == '/';
    if (begins_part && (path[i] == '.' || path[i] == '/')) return false;
  }
  return path.size() == 1 || path.back() != '/';
}

}  // namespace

bool is_own_host(std::string_view host, int port) {
  return host == "127.0.0.1" + port_text(port) || host == "localhost" + port_text(port);
}

bool is_from_own_page(const Request& request, int port) {
  const std::string origin = request.header("origin");
  const std::string site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return false;
  if (origin.empty()) return site == "same-origin" || site == "none";
  if (origin == "null") return site == "same-origin";
  const std::string host = request.header("host");
  return is_own_host(host, port) && origin == "http://" + host;
}

bool is_same_secret(std::string_view one, std::string_view other) {
  if (one.empty() || one.size() != other.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    difference = static_cast<unsigned char>(difference | (one[i] ^ other[i]));
  return difference == 0;
}

std::string cookie_value(const std::string& header, const std::string& name) {
  std::istringstream pairs(header);
  for (std::string pair; std::getline(pairs, pair, ';');) {
    const std::size_t begin = pair.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    if (pair.compare(begin, name.size() + 1, name + "=") == 0)
      return pair.substr(begin + name.size() + 1);
  }
  return {};
}

std::string Target::field(const std::string& name) const {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

std::vector<std::string> Target::parts() const {
  std::vector<std::string> found;
  std::istringstream text(path.substr(1));
  for (std::string part; std::getline(text, part, '/');) found.push_back(part);
  return found;
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.size() > kLongestTarget) return std::nullopt;
  if (std::any_of(target.begin(), target.end(), is_blank_or_control)) return std::nullopt;
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  if (!is_plain_path(path)) return std::nullopt;
  Target parsed{std::string(path), {}};
  if (mark == std::string_view::npos) return parsed;
  auto fields = parse_fields(std::string(target.substr(mark + 1)));
  if (!fields) return std::nullopt;
  parsed.query = std::move(*fields);
  return parsed;
}

std::optional<std::map<std::string, std::string>> parse_fields(const std::string& text) {
  std::map<std::string, std::string> fields;
  std::istringstream pairs(text);
  for (std::string pair; std::getline(pairs, pair, '&');) {
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const auto name = decoded(pair.substr(0, equals));
    const auto value =
        equals == std::string::npos ? std::string() : decoded(pair.substr(equals + 1));
    if (!name || !value || fields.size() == kMostFields || !fields.emplace(*name, *value).second)
      return std::nullopt;
  }
  return fields;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kLongestId && text[0] != '.' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), is_plain);
}

}  // namespace jarvis::dashboard
