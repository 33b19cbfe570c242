#pragma once

#include <cstdint>
#include <jarvis/sdk/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace jarvis::sdk {

/** http-request/1, for the host's `http` service. `url` must lie below the endpoint that the user
 *  configured for this plugin. The plugin never sees the key: it names the header that carries it.
 */
struct HttpRequest {
  std::string method = "POST";  ///< "GET" or "POST"
  std::string url;              ///< required: scheme, host, port, path, query
  /** Names and values, in order. None that frames or routes the request (host, content-length,
   * connection and the like): those are refused. */
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  ///< not sent with GET
  /** Header for the key ("x-api-key", "authorization") and the text before it ("Bearer "). Empty:
   * no key is sent. A user without a key for this endpoint sends none either. */
  std::string key_header;
  std::string key_prefix;
  /** For an answer that may come as a stream (text/event-stream, ndjson): text that its last event
   * holds. A stream without it was cut short, and the host asks again. */
  std::string stream_end = {};
  /** For such a stream: a JSON pointer to the answer's text in each event
   * ("/choices/0/delta/content"). Where somebody waits for it, the host hands that text on as it
   * comes. */
  std::string live_text = {};
};

/** http-result/1: the last answer, after the host's retries. Any status may come back here, also
 * 4xx; it is a Failure of the service only when there was no answer. */
struct HttpResult {
  int status = 0;  ///< 100 to 599; required
  /** Names, in the server's case, and values, in order. */
  std::vector<std::pair<std::string, std::string>> headers;
  /** At most 64 MiB. Bytes that are not UTF-8 are replaced by U+FFFD, the key by "[key]". */
  std::string body;
};

/** Headers as an array of [name, value]. */
inline json::array headers_to_json(
    const std::vector<std::pair<std::string, std::string>>& headers) {
  json::array array;
  for (const auto& [name, value] : headers) array.push_back(json::array{name, value});
  return array;
}

/** The pairs of texts in such an array; anything else in it is left out. */
inline std::vector<std::pair<std::string, std::string>> headers_of(const json::array& array) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const json::value& pair : array)
    if (pair.is_array() && pair.as_array().size() == 2 && pair.as_array()[0].is_string() &&
        pair.as_array()[1].is_string())
      headers.emplace_back(pair.as_array()[0].as_string(), pair.as_array()[1].as_string());
  return headers;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const HttpRequest& request) {
  json::object object{{"schema", "http-request/1"},
                      {"method", request.method},
                      {"url", request.url},
                      {"headers", headers_to_json(request.headers)},
                      {"body", request.body},
                      {"key_header", request.key_header},
                      {"key_prefix", request.key_prefix}};
  if (!request.stream_end.empty()) object["stream_end"] = request.stream_end;
  if (!request.live_text.empty()) object["live_text"] = request.live_text;
  return object;
}

/** Reads http-request/1. Throws Failure(JARVIS_INVALID) without a `url`. */
inline HttpRequest http_request(const json::object& object) {
  return {optional_string(object, "method", "POST"),     required_string(object, "url"),
          headers_of(optional_array(object, "headers")), optional_string(object, "body"),
          optional_string(object, "key_header"),         optional_string(object, "key_prefix"),
          optional_string(object, "stream_end"),         optional_string(object, "live_text")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const HttpResult& result) {
  return {{"schema", "http-result/1"},
          {"status", result.status},
          {"headers", headers_to_json(result.headers)},
          {"body", result.body}};
}

/** Reads http-result/1; a missing status is 0. Throws nothing. */
inline HttpResult http_result(const json::object& object) {
  return {static_cast<int>(optional_integer(object, "status")),
          headers_of(optional_array(object, "headers")), optional_string(object, "body")};
}

}  // namespace jarvis::sdk
