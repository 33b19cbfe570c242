#pragma once

#include <string>
#include <vector>

#include "plugins/shared/call_ids.hpp"
#include "plugins/shared/event_stream.hpp"

namespace jarvis::shared {

/** Ollama's own chat protocol: a conversation as the wire has it, and an answer read back. */

/** What only the last line of a stream holds. */
inline constexpr const char* kOllamaStreamEnd = "\"done\":true";

inline json::array ollama_calls(const sdk::Message& message) {
  json::array calls;
  for (const sdk::ToolCall& call : message.tool_calls)
    calls.push_back(json::object{
        {"function", json::object{{"name", call.name}, {"arguments", call.arguments}}}});
  return calls;
}

inline json::array ollama_messages(const sdk::GenerateRequest& request) {
  const auto names = call_names(request);
  json::array messages;
  for (const sdk::Message& message : request.messages) {
    for (const sdk::ToolResult& result : message.tool_results) {
      const auto name = names.find(result.call_id);
      if (name == names.end())
        throw sdk::invalid("a tool's result answers no call: '" + result.call_id + "'");
      messages.push_back(
          json::object{{"role", "tool"}, {"content", result.content}, {"tool_name", name->second}});
    }
    if (message.text.empty() && message.tool_calls.empty()) continue;
    json::object sent{{"role", message.role}, {"content", message.text}};
    if (json::array calls = ollama_calls(message); !calls.empty())
      sent["tool_calls"] = std::move(calls);
    messages.push_back(std::move(sent));
  }
  if (messages.empty()) throw sdk::invalid("the request has no message with any text");
  if (!request.system.empty())
    messages.insert(messages.begin(),
                    json::object{{"role", "system"}, {"content", request.system}});
  return messages;
}

/** The request's body with all but its `options`, which hold the limit on output tokens. Throws
 * JARVIS_INVALID when there is no message to send. */
inline json::object ollama_body(const sdk::GenerateRequest& request) {
  json::object body{
      {"model", request.model}, {"messages", ollama_messages(request)}, {"stream", true}};
  json::array tools;
  for (const sdk::ToolDefinition& tool : request.tools)
    tools.push_back(
        json::object{{"type", "function"},
                     {"function", json::object{{"name", tool.name},
                                               {"description", tool.description},
                                               {"parameters", object_schema(tool.parameters)}}}});
  // The protocol has no way to forbid calls but to show no tools.
  if (!tools.empty() && request.may_call_tools) body["tools"] = std::move(tools);
  return body;
}

/** The answer that the lines of a stream make up. Throws JARVIS_RETRYABLE for a stream that ends in
 * an error or says nothing. */
inline json::object ollama_reply_of(const std::vector<json::object>& lines) {
  json::object reply, message{{"role", "assistant"}};
  json::array calls;
  bool has_message = false;
  for (const json::object& line : lines) {
    if (const auto error = sdk::optional_string(line, "error"); !error.empty())
      throw sdk::retryable("the server broke off its answer: " + excerpt(error));
    for (const auto& [name, value] : line)
      if (name != "message") reply[name] = value;
    const json::object piece = sdk::optional_object(line, "message");
    has_message = has_message || !piece.empty();
    append_text(message, piece, "content");
    const json::array more = sdk::optional_array(piece, "tool_calls");
    calls.insert(calls.end(), more.begin(), more.end());
  }
  if (!has_message) throw unreadable("no message in it", json::serialize(reply));
  message["tool_calls"] = std::move(calls);
  reply["message"] = std::move(message);
  return reply;
}

/** Reads an answer, its thoughts still in the text; throws `unreadable` when it has no message. A
 * server that reports no usage is taken to have used a token for each byte. */
inline sdk::GenerateResult ollama_result(const json::object& reply,
                                         const sdk::GenerateRequest& request,
                                         std::size_t request_bytes) {
  const json::object message = sdk::optional_object(reply, "message");
  if (message.empty()) throw unreadable("no message in it", json::serialize(reply));
  sdk::GenerateResult result;
  result.message.role = "assistant";
  result.message.text = sdk::optional_string(message, "content");
  CallIds ids(request);
  for (const json::value& value : sdk::optional_array(message, "tool_calls")) {
    const json::object call = value.is_object() ? value.as_object() : json::object();
    const json::object function = sdk::optional_object(call, "function");
    const std::string name = sdk::optional_string(function, "name");
    if (name.empty()) continue;
    result.message.tool_calls.push_back({ids.next(sdk::optional_string(call, "id")), name,
                                         arguments_of(function.if_contains("arguments"))});
  }
  const bool cut = sdk::optional_string(reply, "done_reason") == "length";
  result.stop_reason =
      cut ? "max_tokens" : (result.message.tool_calls.empty() ? "end" : "tool_calls");
  result.model = sdk::optional_string(reply, "model", request.model);
  result.usage.input_tokens =
      sdk::optional_integer(reply, "prompt_eval_count", static_cast<std::int64_t>(request_bytes));
  result.usage.output_tokens = sdk::optional_integer(
      reply, "eval_count", static_cast<std::int64_t>(json::serialize(message).size()));
  return result;
}

/** The answer's object, whether it came line by line or in one piece. Throws as body_of and
 * ollama_reply_of do. */
inline json::object ollama_reply(const sdk::HttpResult& answer, const Provider& provider) {
  require_success(answer, provider);
  return has_type(answer, "ndjson") ? ollama_reply_of(lines_of(answer.body))
                                    : body_of(answer, provider);
}

}  // namespace jarvis::shared
