#pragma once

#include <algorithm>
#include <cstdlib>
#include <jarvis/sdk/host.hpp>
#include <jarvis/sdk/payload/http.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jarvis::shared {

namespace json = boost::json;

/** How a plugin speaks to its provider: where, with which header for the key, and what to tell a
 * user. */
struct Provider {
  std::string base_url;
  std::string key_header;
  std::string key_prefix;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string config_sections;  ///< "[learning.distillation.teacher]"; stands in hints
};

/** At most `limit` bytes of what somebody else wrote, on one line, cut between characters. */
inline std::string excerpt(std::string_view text, std::size_t limit = 200) {
  std::size_t end = std::min(limit, text.size());
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  std::string line(text.substr(0, end));
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return line + (end < text.size() ? "…" : "");
}

/** True for "v1", "v1beta". */
inline bool is_version_segment(std::string_view segment) {
  return segment.size() >= 2 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9';
}

/** The base URL with `version` ("/v1") at its end, unless its path has a version already: users
 * give it either way. No slash at the end. */
inline std::string with_version(std::string base_url, const std::string& version) {
  while (!base_url.empty() && base_url.back() == '/') base_url.pop_back();
  const std::size_t scheme = base_url.find("://");
  std::size_t slash = base_url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  while (slash != std::string::npos) {
    const std::size_t next = base_url.find('/', slash + 1);
    if (is_version_segment(std::string_view(base_url).substr(slash + 1, next - slash - 1)))
      return base_url;
    slash = next;
  }
  return base_url + version;
}

/** What a provider says of its own error, in any of the usual shapes; else the beginning of the
 * body. */
inline std::string provider_text(const std::string& body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  if (!error && value.is_object()) {
    const json::object& object = value.as_object();
    for (const json::object& place : {sdk::optional_object(object, "error"), object})
      for (const char* key : {"message", "error", "detail"})
        if (const auto text = sdk::optional_string(place, key); !text.empty())
          return excerpt(text, 500);
  }
  return body.empty() ? "no text" : excerpt(body);
}

/** What teachers and judges tell a user to look at. */
inline constexpr const char* kEngineSections =
    "[learning.distillation.teacher] or [learning.distillation.judge]";

inline std::int64_t retry_after_ms(const sdk::HttpResult& answer) {
  for (const auto& [name, value] : answer.headers)
    if (name.size() == 11 && (name[0] | 0x20) == 'r' && name.compare(5, 6, "-after") == 0)
      return std::int64_t{1000} * std::max(0, std::atoi(value.c_str()));
  return 0;
}

/** A refusal for lack of money, which no waiting mends. */
inline bool reports_spending_limit(const std::string& body) {
  // Gemini speaks of billing at every limit, and says how long to wait where waiting mends it.
  if (body.find("retryDelay") != std::string::npos) return false;
  for (const char* word : {"insufficient_quota", "billing", "spending limit", "credit balance"})
    if (body.find(word) != std::string::npos) return true;
  return false;
}

/** The failure for an answer that is no success: what the provider says, and what to mend. */
inline sdk::Failure failure_of(const sdk::HttpResult& answer, const Provider& provider) {
  const std::string said = "(" + std::to_string(answer.status) + "): " + provider_text(answer.body);
  const std::string& in_section = provider.config_sections;
  const bool bad_key = answer.body.find("API_KEY_INVALID") != std::string::npos;
  switch (bad_key ? 401 : answer.status) {
    case 401:
    case 403:
      return sdk::unavailable(
          "the provider refused the key " + said,
          "check the environment variable that api_key_env in " + in_section + " names");
    case 402:
      return sdk::unavailable("the provider wants to be paid first " + said,
                              "check the account's balance and limits");
    case 404:
      return sdk::invalid("the provider knows no such model or address " + said,
                          "check the model's name, and base_url in " + in_section);
    default:
      break;
  }
  if (reports_spending_limit(answer.body))
    return sdk::unavailable("the provider's account has no money left " + said,
                            "check the account's balance and limits");
  if (answer.status == 408 || answer.status == 409 || answer.status == 429 || answer.status >= 500)
    return sdk::retryable("the provider is busy or has a fault " + said, retry_after_ms(answer));
  if (answer.status >= 300 && answer.status < 400)
    return sdk::invalid("the provider answers with a redirect " + said,
                        "set base_url in " + in_section + " to the address it points to");
  return sdk::invalid("the provider refused the request " + said);
}

/** How an answer looks that may come as a stream: see HttpRequest. */
struct StreamShape {
  std::string end = {};
  std::string live_text = {};  ///< where somebody waits for it
};

/** Posts a JSON body to `path` below the base URL. Any status may come back. */
inline sdk::HttpResult post(const Provider& provider, const std::string& path,
                            const std::string& body, const sdk::Host& host,
                            const StreamShape& stream = {}) {
  sdk::HttpRequest request;
  request.url = provider.base_url + path;
  request.headers = provider.headers;
  request.headers.emplace_back("content-type", "application/json");
  request.body = body;
  request.key_header = provider.key_header;
  request.key_prefix = provider.key_prefix;
  request.stream_end = stream.end;
  request.live_text = stream.live_text;
  return sdk::http_result(host.call("http", sdk::to_json(request)));
}

inline sdk::Failure unreadable(const std::string& why, const std::string& body) {
  return sdk::retryable("the provider's answer cannot be read (" + why + "): " + excerpt(body));
}

inline void require_success(const sdk::HttpResult& answer, const Provider& provider) {
  if (answer.status < 200 || answer.status > 299) throw failure_of(answer, provider);
}

/** The body of a successful answer as an object; throws failure_of or unreadable. */
inline json::object body_of(const sdk::HttpResult& answer, const Provider& provider) {
  require_success(answer, provider);
  boost::system::error_code error;
  json::value value = json::parse(answer.body, error);
  if (error) throw unreadable("not JSON", answer.body);
  if (!value.is_object()) throw unreadable("not an object", answer.body);
  return std::move(value.as_object());
}

/** A tool's parameters as a schema of type object, which every provider asks for. */
inline json::object object_schema(json::object parameters) {
  parameters["type"] = "object";
  if (!sdk::optional_object(parameters, "properties").empty()) return parameters;
  parameters["properties"] = json::object();
  return parameters;
}

/** The arguments of a call, sent as text or as an object. Text that is no object is kept as it is,
 * in a field that no tool has, so that the tool's own check answers the model. */
inline json::object arguments_of(const json::value* value) {
  if (!value || value->is_null()) return {};
  if (value->is_object()) return value->as_object();
  if (!value->is_string()) return {{"unreadable_arguments", *value}};
  const json::string& text = value->as_string();
  if (text.find_first_not_of(" \t\r\n") == json::string::npos) return {};
  boost::system::error_code error;
  json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return {{"unreadable_arguments", text}};
  return std::move(parsed.as_object());
}

}  // namespace jarvis::shared
