#pragma once

#include <string>
#include <vector>

#include "plugins/shared/event_stream.hpp"

namespace jarvis::shared {

/** The text that ends a stream of chat completions. */
inline constexpr const char* kChatStreamEnd = "[DONE]";

/** Adds one piece of a tool call: pieces of one call share an index, and the first has the name. */
inline void add_call_piece(json::array& calls, const json::object& piece) {
  const auto last = static_cast<std::int64_t>(calls.empty() ? 0 : calls.size() - 1);
  const json::object function = sdk::optional_object(piece, "function");
  const bool begins =
      !sdk::optional_string(function, "name").empty() && !sdk::optional_string(piece, "id").empty();
  // Some servers number nothing; then a name begins the next call.
  const std::int64_t index = sdk::optional_integer(
      piece, "index", begins ? static_cast<std::int64_t>(calls.size()) : last);
  if (index < 0 || index > static_cast<std::int64_t>(calls.size())) return;
  if (index == static_cast<std::int64_t>(calls.size()))
    calls.push_back(json::object{{"type", "function"}, {"function", json::object()}});
  json::object& call = calls[static_cast<std::size_t>(index)].as_object();
  if (const auto id = sdk::optional_string(piece, "id"); !id.empty()) call["id"] = id;
  json::object& whole = call["function"].as_object();
  if (const auto name = sdk::optional_string(function, "name"); !name.empty()) whole["name"] = name;
  append_text(whole, function, "arguments");
}

inline void add_delta(json::object& message, const json::object& delta) {
  for (const char* key : {"content", "refusal", "reasoning_content"})
    append_text(message, delta, key);
  if (const auto pieces = sdk::optional_array(delta, "tool_calls"); !pieces.empty()) {
    json::value& calls = message["tool_calls"];
    if (!calls.is_array()) calls.emplace_array();
    for (const json::value& piece : pieces)
      if (piece.is_object()) add_call_piece(calls.as_array(), piece.as_object());
  }
  if (const auto details = sdk::optional_array(delta, "reasoning_details"); !details.empty()) {
    json::value& whole = message["reasoning_details"];
    if (!whole.is_array()) whole.emplace_array();
    whole.as_array().insert(whole.as_array().end(), details.begin(), details.end());
  }
}

/** The answer that the events of a stream make up, as it would have come in one piece. */
inline json::object chat_reply_of(const std::vector<json::object>& events) {
  json::object reply, message{{"role", "assistant"}}, choice;
  bool has_choice = false;
  for (const json::object& event : events) {
    for (const char* key : {"model", "usage", "error", "base_resp"})
      if (const json::value* value = event.if_contains(key); value && !value->is_null())
        reply[key] = *value;
    for (const json::value& value : sdk::optional_array(event, "choices")) {
      if (!value.is_object()) continue;
      has_choice = true;
      add_delta(message, sdk::optional_object(value.as_object(), "delta"));
      for (const char* key : {"finish_reason", "error"})
        if (const json::value* said = value.as_object().if_contains(key); said && !said->is_null())
          choice[key] = *said;
    }
  }
  if (!has_choice) return reply;
  choice["message"] = std::move(message);
  reply["choices"] = json::array{std::move(choice)};
  return reply;
}

}  // namespace jarvis::shared
