#include "acme_wire.hpp"

#include <algorithm>

namespace acme {

namespace {

constexpr const char* kSection = "[learning.distillation.teacher]";
constexpr std::size_t kLongestExcerpt = 300;

/** The beginning of what somebody else wrote, on one line. */
std::string excerpt(const std::string& text) {
  std::size_t end = std::min(text.size(), kLongestExcerpt);
  // Back to the first byte of a character, so that the message stays UTF-8.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  std::string line = text.substr(0, end);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return line;
}

sdk::Failure unreadable(const std::string& why, const std::string& body) {
  return sdk::retryable("Acme's answer cannot be read (" + why + "): " + excerpt(body));
}

json::object turn_of(const sdk::Message& message) {
  if (message.role == "tool") {
    json::array results;
    for (const sdk::ToolResult& result : message.tool_results)
      results.push_back(json::object{
          {"ref", result.call_id}, {"output", result.content}, {"failed", result.is_error}});
    return {{"from", "actions"}, {"results", std::move(results)}};
  }
  json::object turn{{"from", message.role == "assistant" ? "model" : "user"},
                    {"says", message.text}};
  json::array wants;
  for (const sdk::ToolCall& call : message.tool_calls)
    wants.push_back(
        json::object{{"ref", call.id}, {"action", call.name}, {"input", call.arguments}});
  if (!wants.empty()) turn["wants"] = std::move(wants);
  return turn;
}

bool is_empty(const sdk::Message& message) {
  return message.text.empty() && message.tool_calls.empty() && message.tool_results.empty();
}

sdk::Message message_of(const json::object& turn) {
  sdk::Message message;
  message.role = "assistant";
  message.text = sdk::optional_string(turn, "says");
  for (const json::value& value : sdk::optional_array(turn, "wants")) {
    if (!value.is_object()) throw sdk::invalid("a wanted action is not an object");
    const json::object& want = value.as_object();
    message.tool_calls.push_back({sdk::required_string(want, "ref"),
                                  sdk::required_string(want, "action"),
                                  sdk::optional_object(want, "input")});
  }
  return message;
}

std::string stop_reason_of(const std::string& ended, bool wants_actions) {
  if (ended == "declined") return "refusal";
  if (ended == "limit") return "max_tokens";
  return wants_actions ? "tool_calls" : "end";
}

/** An answer that tells no tokens was paid for all the same: one for each byte is never too few. */
sdk::Usage usage_of(const json::object& reply, std::size_t request_bytes,
                    std::size_t answer_bytes) {
  const json::object tokens = sdk::optional_object(reply, "tokens");
  sdk::Usage usage;
  usage.input_tokens =
      sdk::optional_integer(tokens, "in", static_cast<std::int64_t>(request_bytes));
  usage.output_tokens =
      sdk::optional_integer(tokens, "out", static_cast<std::int64_t>(answer_bytes));
  usage.cache_read_tokens = sdk::optional_integer(tokens, "remembered");
  return usage;
}

}  // namespace

json::object body_of(const sdk::GenerateRequest& request) {
  json::array turns, actions;
  for (const sdk::Message& message : request.messages)
    if (!is_empty(message)) turns.push_back(turn_of(message));
  if (turns.empty()) throw sdk::invalid("the request has no message with anything in it");
  for (const sdk::ToolDefinition& tool : request.tools)
    actions.push_back(
        json::object{{"name", tool.name}, {"about", tool.description}, {"input", tool.parameters}});
  json::object body{{"model", request.model},
                    {"turns", std::move(turns)},
                    {"output_limit", request.max_output_tokens}};
  if (!request.system.empty()) body["instructions"] = request.system;
  if (request.temperature) body["temperature"] = *request.temperature;
  if (actions.empty()) return body;
  body["actions"] = std::move(actions);
  body["may_act"] = request.may_call_tools;
  return body;
}

sdk::GenerateResult result_of(const sdk::HttpResult& answer, std::size_t request_bytes) {
  if (answer.status < 200 || answer.status > 299) throw failure_of(answer);
  try {
    const json::object reply = sdk::parse_object(answer.body, "the body");
    const json::value* turn = reply.if_contains("turn");
    if (!turn || !turn->is_object()) throw sdk::invalid("it has no turn");
    sdk::GenerateResult result;
    result.message = message_of(turn->as_object());
    result.stop_reason =
        stop_reason_of(sdk::optional_string(reply, "ended"), !result.message.tool_calls.empty());
    result.model = sdk::optional_string(reply, "model");
    result.usage = usage_of(reply, request_bytes, answer.body.size());
    return result;
  } catch (const sdk::Failure& failure) {
    throw unreadable(failure.what(), answer.body);
  }
}

sdk::Failure failure_of(const sdk::HttpResult& answer) {
  std::string kind, said = excerpt(answer.body);
  boost::system::error_code error;
  const json::value body = json::parse(answer.body, error);
  if (!error && body.is_object()) {
    const json::object fault = sdk::optional_object(body.as_object(), "fault");
    kind = sdk::optional_string(fault, "kind");
    said = excerpt(sdk::optional_string(fault, "text", answer.body));
  }
  const std::string tail = " (" + std::to_string(answer.status) + "): " + said;
  if (kind == "funds" || answer.status == 402)
    return sdk::unavailable("the account at Acme has no money left" + tail,
                            "check the account's balance");
  if (answer.status == 401 || answer.status == 403)
    return sdk::unavailable(
        "Acme refused the key" + tail,
        std::string("check the environment variable that api_key_env in ") + kSection + " names");
  if (kind == "model" || answer.status == 404)
    return sdk::invalid("Acme knows no such model or address" + tail,
                        std::string("check the model's name, and base_url in ") + kSection);
  if (kind == "busy" || answer.status == 408 || answer.status == 429 || answer.status >= 500)
    return sdk::retryable("Acme is busy or has a fault" + tail);
  return sdk::invalid("Acme refused the request" + tail);
}

}  // namespace acme
