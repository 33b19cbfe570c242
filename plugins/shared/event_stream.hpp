#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/sdk/payload/http.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/shared/provider.hpp"

namespace jarvis::shared {

/** Above so many output tokens an answer may take longer than a server may stay silent: it is asked
 * for as a stream, so that bytes keep coming. */
inline constexpr std::int64_t kLongAnswer = 4096;

inline bool is_long(const sdk::GenerateRequest& request) {
  return request.max_output_tokens > kLongAnswer;
}

inline bool has_type(const sdk::HttpResult& answer, std::string_view type) {
  for (const auto& [name, value] : answer.headers) {
    if (name.size() != 12 || (name[0] | 0x20) != 'c' || (name[8] | 0x20) != 't') continue;
    if (value.find(type) != std::string::npos) return true;
  }
  return false;
}

/** True when the answer came as server-sent events: a server may leave `stream` unheeded. */
inline bool is_event_stream(const sdk::HttpResult& answer) {
  return has_type(answer, "text/event-stream");
}

/** Calls `line` for each line, without its end. */
template <class Line>
void each_line(std::string_view body, Line line) {
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    std::string_view text = body.substr(at, end - at);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    line(text);
    at = end + 1;
  }
}

/** One JSON object of a stream; throws unreadable. */
inline json::object event_of(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) throw unreadable("an event is no object", std::string(text));
  return std::move(value.as_object());
}

/** The data of the server-sent events, which must be objects; comments and "[DONE]" are passed
 * over. Throws unreadable. */
inline std::vector<json::object> events_of(std::string_view body) {
  std::vector<json::object> events;
  std::string data;
  const auto finish = [&] {
    if (!data.empty() && data != "[DONE]") events.push_back(event_of(data));
    data.clear();
  };
  each_line(body, [&](std::string_view line) {
    if (line.empty()) return finish();
    if (line.substr(0, 5) != "data:") return;
    line.remove_prefix(line.substr(5, 1) == " " ? 6 : 5);
    if (!data.empty()) data += '\n';
    data += line;
  });
  finish();
  return events;
}

/** The objects of a body with one in each line. Throws unreadable. */
inline std::vector<json::object> lines_of(std::string_view body) {
  std::vector<json::object> objects;
  each_line(body, [&](std::string_view line) {
    if (!line.empty()) objects.push_back(event_of(line));
  });
  return objects;
}

/** Appends the text at `key` of a delta, where there is one, to that of `whole`. */
inline void append_text(json::object& whole, const json::object& delta, std::string_view key) {
  const json::value* more = delta.if_contains(json::string_view(key.data(), key.size()));
  if (!more || !more->is_string()) return;
  json::value& text = whole[json::string_view(key.data(), key.size())];
  if (!text.is_string()) text.emplace_string();
  text.as_string().append(more->as_string());
}

}  // namespace jarvis::shared
