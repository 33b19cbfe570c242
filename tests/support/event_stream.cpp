#include "tests/support/event_stream.hpp"

#include <algorithm>

namespace jarvis::testing {

namespace json = boost::json;

namespace {

constexpr std::size_t kPieces = 3;

json::object delta_event(std::size_t index, json::object delta) {
  return {{"type", "content_block_delta"}, {"index", index}, {"delta", std::move(delta)}};
}

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

void append_block(std::vector<json::object>& events, std::size_t index, json::object block) {
  std::vector<json::object> deltas;
  if (block.at("type") == "text") {
    for (const std::string& piece : pieces_of(text_in(block, "text")))
      deltas.push_back({{"type", "text_delta"}, {"text", piece}});
    block["text"] = "";
  } else if (block.at("type") == "thinking") {
    deltas.push_back({{"type", "thinking_delta"}, {"thinking", block.at("thinking")}});
    deltas.push_back({{"type", "signature_delta"}, {"signature", block.at("signature")}});
    block["thinking"] = "";
    block.erase("signature");
  } else if (block.at("type") == "tool_use") {
    for (const std::string& piece : pieces_of(json::serialize(block.at("input"))))
      deltas.push_back({{"type", "input_json_delta"}, {"partial_json", piece}});
    block["input"] = json::object();
  }
  events.push_back({{"type", "content_block_start"}, {"index", index}, {"content_block", block}});
  events.push_back({{"type", "ping"}});
  for (json::object& delta : deltas) events.push_back(delta_event(index, std::move(delta)));
  events.push_back({{"type", "content_block_stop"}, {"index", index}});
}

json::object choice_event(const json::object& whole, json::object delta,
                          json::value finish_reason) {
  return {{"id", "chatcmpl-stream"},
          {"object", "chat.completion.chunk"},
          {"model", whole.at("model")},
          {"choices", json::array{json::object{{"index", 0},
                                               {"delta", std::move(delta)},
                                               {"finish_reason", std::move(finish_reason)}}}}};
}

std::vector<json::object> call_deltas(const json::array& calls) {
  std::vector<json::object> deltas;
  for (std::size_t index = 0; index < calls.size(); ++index) {
    const json::object& call = calls[index].as_object();
    const json::object& function = call.at("function").as_object();
    deltas.push_back({{"index", index},
                      {"id", call.at("id")},
                      {"type", "function"},
                      {"function", {{"name", function.at("name")}, {"arguments", ""}}}});
    for (const std::string& piece : pieces_of(text_in(function, "arguments")))
      deltas.push_back({{"index", index}, {"function", {{"arguments", piece}}}});
  }
  return deltas;
}

}  // namespace

std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  const std::size_t size = std::max<std::size_t>(1, text.size() / kPieces);
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + size, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    pieces.push_back(text.substr(at, end - at));
    at = end;
  }
  return pieces;
}

ScriptedReply event_stream(const std::vector<json::object>& events, bool named) {
  ScriptedReply reply;
  reply.headers = {{"Content-Type", "text/event-stream; charset=utf-8"}};
  reply.chunked = true;
  for (const json::object& event : events) {
    if (named) reply.body += "event: " + text_in(event, "type") + "\n";
    reply.body += "data: " + json::serialize(event) + "\n\n";
  }
  return reply;
}

ScriptedReply anthropic_stream(const json::object& reply) {
  json::object start = reply;
  start["content"] = json::array();
  start["stop_reason"] = nullptr;
  json::object usage = reply.at("usage").as_object();
  const json::value output_tokens = usage.at("output_tokens");
  usage["output_tokens"] = 1;
  start["usage"] = std::move(usage);
  std::vector<json::object> events{{{"type", "message_start"}, {"message", std::move(start)}}};
  std::size_t index = 0;
  for (const json::value& block : reply.at("content").as_array())
    append_block(events, index++, block.as_object());
  events.push_back({{"type", "message_delta"},
                    {"delta", {{"stop_reason", reply.at("stop_reason")}}},
                    {"usage", {{"output_tokens", output_tokens}}}});
  events.push_back({{"type", "message_stop"}});
  return event_stream(events, true);
}

ScriptedReply chat_stream(const json::object& reply, bool include_usage) {
  const json::object& choice = reply.at("choices").at(0).as_object();
  const json::object& message = choice.at("message").as_object();
  std::vector<json::object> events{
      choice_event(reply, {{"role", "assistant"}, {"content", ""}}, nullptr)};
  for (const char* key : {"reasoning_content", "content", "refusal"})
    for (const std::string& piece : pieces_of(text_in(message, key)))
      events.push_back(choice_event(reply, {{key, piece}}, nullptr));
  if (const json::value* details = message.if_contains("reasoning_details"))
    events.push_back(choice_event(reply, {{"reasoning_details", *details}}, nullptr));
  if (const json::value* calls = message.if_contains("tool_calls"))
    for (json::object& delta : call_deltas(calls->as_array()))
      events.push_back(
          choice_event(reply, {{"tool_calls", json::array{std::move(delta)}}}, nullptr));
  events.push_back(choice_event(reply, {}, choice.at("finish_reason")));
  if (include_usage)
    events.push_back({{"id", "chatcmpl-stream"},
                      {"object", "chat.completion.chunk"},
                      {"model", reply.at("model")},
                      {"choices", json::array()},
                      {"usage", reply.at("usage")}});
  ScriptedReply stream = event_stream(events, false);
  stream.body = ": a comment that keeps the line open\n\n" + stream.body + "data: [DONE]\n\n";
  return stream;
}

}  // namespace jarvis::testing
