#include <set>

#include "tests/conformance/protocol.hpp"
#include "tests/support/event_stream.hpp"

namespace jarvis::conformance {

namespace {

using Ids = std::set<std::string>;

constexpr int kMostMarks = 4;

struct Reading {
  int marks = 0;

  void take_mark(const json::object& block) {
    const json::value* mark = block.if_contains("cache_control");
    if (!mark) return;
    demand(text_field(as_object(*mark, "cache_control"), "type") == "ephemeral",
           "cache_control: must be ephemeral");
    demand(++marks <= kMostMarks, "cache_control: at most 4 blocks may have one");
  }
};

void check_assistant_block(const json::object& block, const std::string& type, bool is_first,
                           Ids& asked) {
  if (type == "thinking") {
    only(block, {"type", "thinking", "signature"}, "thinking");
    demand(is_first, "messages: thinking must come first");
    demand(text_field(block, "signature") == "signature-1", "thinking: invalid signature");
    return;
  }
  only(block, {"type", "id", "name", "input", "cache_control"}, "tool_use");
  demand(type == "tool_use", "messages: unexpected block '" + type + "'");
  demand(!is_first, "messages: expected thinking before tool_use");
  demand(asked.insert(text_field(block, "id")).second, "messages: tool_use ids must be unique");
  check_name(text_field(block, "name"));
  object_field(block, "input");
}

void check_user_block(const json::object& block, bool text_seen, Ids& answered) {
  only(block, {"type", "tool_use_id", "content", "is_error", "cache_control"}, "tool_result");
  demand(text_field(block, "type") == "tool_result", "messages: unexpected block of the user");
  demand(!text_seen, "messages: tool_result blocks must come first");
  demand(answered.insert(text_field(block, "tool_use_id")).second,
         "messages: a tool_use was answered twice");
}

Ids check_message(const json::object& message, const std::string& role, const Ids& open,
                  Reading& reading) {
  only(message, {"role", "content"}, "messages");
  Ids asked, answered;
  bool text_seen = false, is_first = true;
  for (const json::value& item : list_field(message, "content")) {
    const json::object& block = as_object(item, "content");
    reading.take_mark(block);
    const std::string type = text_field(block, "type");
    if (type == "text") {
      only(block, {"type", "text", "cache_control"}, "text");
      const std::string text = text_field(block, "text");
      demand(text.find_first_not_of(" \t\r\n") != std::string::npos,
             "messages: text content blocks must contain non-whitespace text");
      text_seen = true;
    } else if (role == "assistant") {
      check_assistant_block(block, type, is_first, asked);
    } else {
      check_user_block(block, text_seen, answered);
    }
    is_first = false;
  }
  demand(answered == open, "messages: each tool_use must have a tool_result in the next message");
  return asked;
}

void check_messages(const json::object& body, Reading& reading) {
  Ids open;
  std::string before = "assistant";
  bool calls = false;
  for (const json::value& item : list_field(body, "messages")) {
    const json::object& message = as_object(item, "messages");
    const std::string role = text_field(message, "role");
    demand(role == "user" || role == "assistant", "messages: unexpected role '" + role + "'");
    demand(role != before, "messages: roles must alternate, the user first");
    open = check_message(message, role, open, reading);
    calls = calls || !open.empty();
    before = role;
  }
  demand(before == "user", "messages: this model takes no prefill");
  demand(!calls || body.contains("tools"), "tools: needed while messages hold tool_use blocks");
}

void check_tools(const json::object& body, Reading& reading) {
  demand(body.contains("tools") || !body.contains("tool_choice"), "tool_choice: needs tools");
  if (!body.contains("tools")) return;
  Ids names;
  for (const json::value& item : list_field(body, "tools")) {
    const json::object& tool = as_object(item, "tools");
    only(tool, {"name", "description", "input_schema", "cache_control"}, "tools");
    reading.take_mark(tool);
    check_name(text_field(tool, "name"));
    demand(names.insert(text_field(tool, "name")).second, "tools: names must be unique");
    check_object_schema(object_field(tool, "input_schema"));
  }
  if (body.contains("tool_choice"))
    demand(text_field(object_field(body, "tool_choice"), "type") == "none",
           "tool_choice: unexpected type");
}

class Anthropic : public Protocol {
 public:
  void check(const RecordedRequest& request) const override {
    demand(request.method == "POST" && request.target == "/v1/messages", "not found", 404);
    demand(header(request, "x-api-key") == "test-key-of-anthropic", "invalid x-api-key", 401);
    demand(header(request, "anthropic-version") == "2023-06-01",
           "anthropic-version: header is required");
    demand(header(request, "content-type") == "application/json", "content-type: must be JSON");
    const json::object body = body_of(request);
    only(body,
         {"model", "max_tokens", "messages", "system", "temperature", "tools", "tool_choice",
          "stream"},
         "body");
    demand(text_field(body, "model") == "claude-conformance", "model: not found", 404);
    positive_field(body, "max_tokens");
    check_temperature(body, 0, 1);
    Reading reading;
    check_tools(body, reading);
    if (body.contains("system"))
      for (const json::value& block : list_field(body, "system")) {
        only(as_object(block, "system"), {"type", "text", "cache_control"}, "system");
        text_field(block.as_object(), "text");
        reading.take_mark(block.as_object());
      }
    check_messages(body, reading);
    demand(!body.contains("tools") || reading.marks > 0,
           "conformance: nothing of a conversation with tools is marked for the cache");
  }

  bool wants_stream(const RecordedRequest& request) const override {
    return sdk::optional_bool(body_of(request), "stream");
  }

  ScriptedReply answer(const RecordedRequest& request, const Turn& turn) const override {
    const json::object message{{"id", "msg_1"},
                               {"type", "message"},
                               {"role", "assistant"},
                               {"model", "claude-conformance-1"},
                               {"content", content_of(request, turn)},
                               {"stop_reason", stop_reason_of(turn)},
                               {"stop_sequence", nullptr},
                               {"usage", usage_of(turn)}};
    return wants_stream(request) ? testing::anthropic_stream(message)
                                 : testing::json_reply(message);
  }

  ScriptedReply error(int status, const std::string& message) const override {
    return testing::json_reply(
        {{"type", "error"},
         {"error",
          {{"type", status == 529 ? "overloaded_error" : "api_error"}, {"message", message}}},
         {"request_id", "req_1"}},
        status);
  }

 private:
  static json::array content_of(const RecordedRequest& request, const Turn& turn) {
    json::array content;
    if (!turn.calls.empty())
      content.push_back(
          json::object{{"type", "thinking"}, {"thinking", "Hm."}, {"signature", "signature-1"}});
    if (!turn.text.empty()) content.push_back(json::object{{"type", "text"}, {"text", turn.text}});
    for (std::size_t i = 0; i < turn.calls.size(); ++i)
      content.push_back(json::object{
          {"type", "tool_use"},
          {"id", "toolu_" + std::to_string(request.body.size()) + "_" + std::to_string(i)},
          {"name", turn.calls[i].name},
          {"input", turn.calls[i].arguments}});
    return content;
  }

  static const char* stop_reason_of(const Turn& turn) {
    if (turn.end == Turn::End::max_tokens) return "max_tokens";
    if (turn.end == Turn::End::refusal) return "refusal";
    return turn.calls.empty() ? "end_turn" : "tool_use";
  }

  static json::object usage_of(const Turn& turn) {
    return {{"input_tokens", turn.prompt_tokens - turn.cache_read_tokens - turn.cache_write_tokens},
            {"cache_creation_input_tokens", turn.cache_write_tokens},
            {"cache_read_input_tokens", turn.cache_read_tokens},
            {"output_tokens", turn.answer_tokens + turn.reasoning_tokens},
            {"service_tier", "standard"}};
  }
};

}  // namespace

std::unique_ptr<Protocol> anthropic_protocol() {
  return std::make_unique<Anthropic>();
}

}  // namespace jarvis::conformance
