#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <string>

#include "plugins/shared/call_ids.hpp"
#include "plugins/shared/provider.hpp"

namespace jarvis::shared {

/** The chat-completions protocol: a conversation as the wire has it, and an answer read back. */

inline json::object chat_call(const sdk::ToolCall& call) {
  return {{"id", call.id},
          {"type", "function"},
          {"function",
           json::object{{"name", call.name}, {"arguments", json::serialize(call.arguments)}}}};
}

inline void append_chat_message(json::array& messages, const sdk::Message& message) {
  if (message.role == "tool") {
    for (const sdk::ToolResult& result : message.tool_results)
      messages.push_back(json::object{
          {"role", "tool"}, {"tool_call_id", result.call_id}, {"content", result.content}});
    return;
  }
  if (message.text.empty() && message.tool_calls.empty()) return;
  json::object sent{{"role", message.role}, {"content", message.text}};
  if (!message.tool_calls.empty()) {
    json::array calls;
    for (const sdk::ToolCall& call : message.tool_calls) calls.push_back(chat_call(call));
    sent["tool_calls"] = std::move(calls);
    if (message.text.empty()) sent["content"] = nullptr;
  }
  messages.push_back(std::move(sent));
}

/** The request's body, without a limit on output tokens: its name differs between servers. Throws
 *  JARVIS_INVALID when there is no message to send. */
inline json::object chat_body(const sdk::GenerateRequest& request) {
  json::array messages, tools;
  for (const sdk::Message& message : request.messages) append_chat_message(messages, message);
  if (messages.empty()) throw sdk::invalid("the request has no message with any text");
  if (!request.system.empty())
    messages.insert(messages.begin(),
                    json::object{{"role", "system"}, {"content", request.system}});
  json::object body{{"model", request.model}, {"messages", std::move(messages)}};
  if (request.temperature) body["temperature"] = *request.temperature;
  for (const sdk::ToolDefinition& tool : request.tools)
    tools.push_back(
        json::object{{"type", "function"},
                     {"function", json::object{{"name", tool.name},
                                               {"description", tool.description},
                                               {"parameters", object_schema(tool.parameters)}}}});
  if (tools.empty()) return body;
  body["tools"] = std::move(tools);
  if (!request.may_call_tools) body["tool_choice"] = "none";
  return body;
}

/** The text of a message's content, which may come in parts. */
inline std::string chat_text(const json::object& message) {
  const json::value* content = message.if_contains("content");
  if (!content || !content->is_array()) return sdk::optional_string(message, "content");
  std::string text;
  for (const json::value& part : content->as_array())
    if (part.is_object()) text += sdk::optional_string(part.as_object(), "text");
  return text;
}

inline std::vector<sdk::ToolCall> chat_calls(const json::object& message,
                                             const sdk::GenerateRequest& request) {
  CallIds ids(request);
  std::vector<sdk::ToolCall> calls;
  for (const json::value& value : sdk::optional_array(message, "tool_calls")) {
    if (!value.is_object()) continue;
    const json::object function = sdk::optional_object(value.as_object(), "function");
    const json::object& place = function.empty() ? value.as_object() : function;
    sdk::ToolCall call{
        {}, sdk::optional_string(place, "name"), arguments_of(place.if_contains("arguments"))};
    if (call.name.empty()) continue;
    call.id = ids.next(sdk::optional_string(value.as_object(), "id"));
    calls.push_back(std::move(call));
  }
  return calls;
}

/** A server that reports no usage is taken to have used a token for each byte, which is never too
 *  few. */
inline sdk::Usage chat_usage(const json::object& reply, std::size_t request_bytes,
                             std::size_t answer_bytes) {
  const json::object sent = sdk::optional_object(reply, "usage");
  sdk::Usage usage;
  if (sent.empty()) {
    usage.input_tokens = static_cast<std::int64_t>(request_bytes);
    usage.output_tokens = static_cast<std::int64_t>(answer_bytes);
    return usage;
  }
  const auto prompt = std::max<std::int64_t>(sdk::optional_integer(sent, "prompt_tokens"), 0);
  const json::object details = sdk::optional_object(sent, "prompt_tokens_details");
  const std::int64_t read = sdk::optional_integer(
      details, "cached_tokens", sdk::optional_integer(sent, "prompt_cache_hit_tokens"));
  const std::int64_t written = sdk::optional_integer(details, "cache_write_tokens");
  usage.cache_read_tokens = std::clamp<std::int64_t>(read, 0, prompt);
  usage.cache_write_tokens = std::clamp<std::int64_t>(written, 0, prompt - usage.cache_read_tokens);
  usage.input_tokens = prompt - usage.cache_read_tokens - usage.cache_write_tokens;
  usage.output_tokens = sdk::optional_integer(sent, "completion_tokens");
  usage.reported_cost_usd = sdk::optional_number(sent, "cost");
  return usage;
}

inline std::string chat_stop_reason(const std::string& finish_reason, bool has_calls) {
  if (finish_reason == "content_filter") return "refusal";
  if (finish_reason == "length") return "max_tokens";
  return has_calls ? "tool_calls" : "end";
}

/** Reads an answer; throws `unreadable` when it has no choice with a message. */
inline sdk::GenerateResult chat_result(const json::object& reply,
                                       const sdk::GenerateRequest& request,
                                       std::size_t request_bytes) {
  const json::array choices = sdk::optional_array(reply, "choices");
  const json::value* first = choices.empty() ? nullptr : &choices.front();
  const json::object choice = first && first->is_object() ? first->as_object() : json::object();
  const json::object message = sdk::optional_object(choice, "message");
  if (message.empty()) throw unreadable("no message in it", json::serialize(reply));
  sdk::GenerateResult result;
  result.message.role = "assistant";
  result.message.text = chat_text(message);
  result.message.tool_calls = chat_calls(message, request);
  result.stop_reason = chat_stop_reason(sdk::optional_string(choice, "finish_reason"),
                                        !result.message.tool_calls.empty());
  if (const std::string refusal = sdk::optional_string(message, "refusal"); !refusal.empty()) {
    result.stop_reason = "refusal";
    if (result.message.text.empty()) result.message.text = refusal;
  }
  result.model = sdk::optional_string(reply, "model", request.model);
  result.usage = chat_usage(reply, request_bytes, json::serialize(message).size());
  return result;
}

}  // namespace jarvis::shared
