#include <set>

#include "tests/conformance/protocol.hpp"
#include "tests/support/event_stream.hpp"

namespace jarvis::conformance {

namespace {

using Ids = std::set<std::string>;

constexpr const char* kReasoning = "Let me think.";

class Chat : public Protocol {
 public:
  explicit Chat(ChatServerKind kind) : kind_(std::move(kind)) {}

  void check(const RecordedRequest& request) const override {
    demand(request.method == "POST" && request.target == "/v1/chat/completions", "not found", 404);
    const std::string key = header(request, "authorization");
    demand(kind_.needs_key ? key == "Bearer test-key-of-chat" : key.empty(), "invalid API key",
           401);
    const json::object body = body_of(request);
    check_fields(body);
    Ids open;
    bool may_be_system = true;
    for (const json::value& item : list_field(body, "messages")) {
      const json::object& message = as_object(item, "messages");
      const bool is_system = text_field(message, "role") == "system";
      demand(!is_system || may_be_system, "messages: the system message must come first");
      may_be_system = false;
      open = check_message(message, std::move(open));
    }
    demand(open.empty(), "messages: tool_calls must be followed by tool messages");
    check_tools(body);
  }

  bool wants_stream(const RecordedRequest& request) const override {
    return sdk::optional_bool(body_of(request), "stream");
  }

  ScriptedReply answer(const RecordedRequest& request, const Turn& turn) const override {
    const json::object completion{
        {"id", "chatcmpl-1"},
        {"object", "chat.completion"},
        {"created", 1},
        {"model", kind_.model + "-1"},
        {"choices", json::array{json::object{{"index", 0},
                                             {"message", message_of(request, turn)},
                                             {"logprobs", nullptr},
                                             {"finish_reason", finish_reason_of(turn)}}}},
        {"usage", usage_of(turn)}};
    if (!wants_stream(request)) return testing::json_reply(completion);
    const json::object options = sdk::optional_object(body_of(request), "stream_options");
    return testing::chat_stream(completion, sdk::optional_bool(options, "include_usage"));
  }

  ScriptedReply error(int status, const std::string& message) const override {
    return testing::json_reply(
        {{"error",
          {{"message", message}, {"type", "an_error"}, {"param", nullptr}, {"code", nullptr}}}},
        status);
  }

 private:
  void check_fields(const json::object& body) const {
    if (kind_.wants_usage_option) {
      only(body,
           {"model", "messages", "temperature", "max_tokens", "tools", "tool_choice", "stream",
            "stream_options", "usage"},
           "body");
      demand(sdk::optional_bool(object_field(body, "usage"), "include"), "usage: must be included");
    } else {
      only(body,
           {"model", "messages", "temperature", "max_tokens", "tools", "tool_choice", "stream",
            "stream_options"},
           "body");
    }
    demand(text_field(body, "model") == kind_.model, "the model does not exist", 404);
    positive_field(body, "max_tokens");
    check_temperature(body, kind_.lowest_temperature, kind_.lowest_temperature > 0 ? 1 : 2);
    demand(body.contains("stream") || !body.contains("stream_options"),
           "stream_options: only allowed with stream");
  }

  Ids check_message(const json::object& message, Ids open) const {
    const std::string role = text_field(message, "role");
    if (role == "tool") {
      only(message, {"role", "content", "tool_call_id"}, "messages");
      any_text_field(message, "content");
      demand(open.erase(text_field(message, "tool_call_id")) == 1,
             "messages: tool_call_id answers no call of the turn before");
      return open;
    }
    demand(open.empty(), "messages: tool_calls must be followed by tool messages");
    demand(role == "system" || role == "user" || role == "assistant",
           "messages: unexpected role '" + role + "'");
    if (!message.contains("tool_calls")) {
      only(message, {"role", "content"}, "messages");
      text_field(message, "content");
      return {};
    }
    demand(role == "assistant", "messages: tool_calls of the " + role);
    check_reasoning(message);
    Ids asked;
    for (const json::value& item : list_field(message, "tool_calls"))
      demand(asked.insert(check_call(as_object(item, "tool_calls"))).second,
             "tool_calls: ids must be unique");
    return asked;
  }

  void check_reasoning(const json::object& message) const {
    const std::string& name = kind_.reasoning_field;
    if (name.empty() || name == "content") {
      only(message, {"role", "content", "tool_calls"}, "messages");
      demand(field(message, "content").is_null() || field(message, "content").is_string(),
             "content: must be a text or null");
    } else {
      only(message, {"role", "content", "tool_calls", name}, "messages");
    }
    if (name == "content")
      demand(text_field(message, name).rfind("<think>", 0) == 0, "content: reasoning is missing");
    if (name == "reasoning_content") text_field(message, name);
    if (name == "reasoning_details")
      demand(list_field(message, name) == details(), "reasoning_details: must come back as sent");
  }

  static std::string check_call(const json::object& call) {
    only(call, {"id", "type", "function"}, "tool_calls");
    demand(text_field(call, "type") == "function", "tool_calls: type must be function");
    const json::object& function = object_field(call, "function");
    only(function, {"name", "arguments"}, "function");
    check_name(text_field(function, "name"));
    boost::system::error_code error;
    const json::value arguments = json::parse(text_field(function, "arguments"), error);
    demand(!error && arguments.is_object(), "arguments: must be the text of an object");
    return text_field(call, "id");
  }

  static void check_tools(const json::object& body) {
    demand(body.contains("tools") || !body.contains("tool_choice"), "tool_choice: needs tools");
    if (!body.contains("tools")) return;
    for (const json::value& item : list_field(body, "tools")) {
      const json::object& tool = as_object(item, "tools");
      only(tool, {"type", "function"}, "tools");
      demand(text_field(tool, "type") == "function", "tools: type must be function");
      const json::object& function = object_field(tool, "function");
      only(function, {"name", "description", "parameters"}, "function");
      check_name(text_field(function, "name"));
      check_object_schema(object_field(function, "parameters"));
    }
    if (body.contains("tool_choice"))
      demand(text_field(body, "tool_choice") == "none", "tool_choice: unexpected");
  }

  static json::array details() {
    return {json::object{{"type", "reasoning.encrypted"}, {"data", "opaque"}}};
  }

  json::object message_of(const RecordedRequest& request, const Turn& turn) const {
    json::object message{{"role", "assistant"}, {"content", turn.text}, {"refusal", nullptr}};
    if (turn.text.empty()) message["content"] = nullptr;
    if (turn.calls.empty()) return message;
    json::array calls;
    for (std::size_t i = 0; i < turn.calls.size(); ++i)
      calls.push_back(json::object{
          {"id", "call_" + std::to_string(request.body.size()) + "_" + std::to_string(i)},
          {"type", "function"},
          {"function",
           {{"name", turn.calls[i].name},
            {"arguments", json::serialize(turn.calls[i].arguments)}}}});
    message["tool_calls"] = std::move(calls);
    const std::string& name = kind_.reasoning_field;
    if (name == "content")
      message[name] = std::string("<think>\n") + kReasoning + "\n</think>\n\n" + turn.text;
    if (name == "reasoning_content") message[name] = kReasoning;
    if (name == "reasoning_details") message[name] = details();
    return message;
  }

  static const char* finish_reason_of(const Turn& turn) {
    if (turn.end == Turn::End::max_tokens) return "length";
    if (turn.end == Turn::End::refusal) return "content_filter";
    return turn.calls.empty() ? "stop" : "tool_calls";
  }

  json::object usage_of(const Turn& turn) const {
    const int completion = turn.answer_tokens + turn.reasoning_tokens;
    json::object usage{
        {"prompt_tokens", turn.prompt_tokens},
        {"completion_tokens", completion},
        {"total_tokens", turn.prompt_tokens + completion},
        {"completion_tokens_details", {{"reasoning_tokens", turn.reasoning_tokens}}}};
    if (kind_.own_cache_fields) {
      usage["prompt_cache_hit_tokens"] = turn.cache_read_tokens;
      usage["prompt_cache_miss_tokens"] = turn.prompt_tokens - turn.cache_read_tokens;
    } else {
      usage["prompt_tokens_details"] = {{"cached_tokens", turn.cache_read_tokens}};
    }
    if (kind_.reports_cost) usage["cost"] = kReportedCost;
    return usage;
  }

  const ChatServerKind kind_;
};

}  // namespace

std::unique_ptr<Protocol> chat_protocol(ChatServerKind kind) {
  return std::make_unique<Chat>(std::move(kind));
}

std::string header(const RecordedRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

json::object body_of(const RecordedRequest& request) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  demand(!error && body.is_object(), "the body is no JSON object");
  return body.as_object();
}

}  // namespace jarvis::conformance
