#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/provider.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "https://api.anthropic.com";
constexpr const char* kProtocolVersion = "2023-06-01";
/** Key of Message::engine_data: the turn's blocks as they came. */
constexpr const char* kBlocks = "blocks";

/** The provider refuses text blocks without a visible character. */
bool is_visible(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") != std::string::npos;
}

json::object text_block(const std::string& text) {
  return {{"type", "text"}, {"text", text}};
}

json::array blocks_of(const sdk::Message& message) {
  if (const json::array kept = sdk::optional_array(message.engine_data, kBlocks); !kept.empty())
    return kept;
  json::array blocks;
  for (const sdk::ToolResult& result : message.tool_results) {
    json::object block{{"type", "tool_result"}, {"tool_use_id", result.call_id}};
    if (!result.content.empty()) block["content"] = result.content;
    if (result.is_error) block["is_error"] = true;
    blocks.push_back(std::move(block));
  }
  if (is_visible(message.text)) blocks.push_back(text_block(message.text));
  for (const sdk::ToolCall& call : message.tool_calls)
    blocks.push_back(json::object{
        {"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", call.arguments}});
  return blocks;
}

/** Turns of one side that follow each other are one turn on the wire; so all results of parallel
 * calls come back together. */
json::array turns_of(const std::vector<sdk::Message>& messages) {
  json::array turns;
  for (const sdk::Message& message : messages) {
    json::array blocks = blocks_of(message);
    if (blocks.empty()) continue;
    const char* role = message.role == "assistant" ? "assistant" : "user";
    if (!turns.empty() && turns.back().as_object()["role"].as_string() == role) {
      json::array& before = turns.back().as_object()["content"].as_array();
      before.insert(before.end(), blocks.begin(), blocks.end());
      continue;
    }
    turns.push_back(json::object{{"role", role}, {"content", std::move(blocks)}});
  }
  if (turns.empty()) throw sdk::invalid("the request has no message with any text");
  return turns;
}

json::object body_of(const sdk::GenerateRequest& request) {
  json::object body{{"model", request.model},
                    {"max_tokens", request.max_output_tokens},
                    {"messages", turns_of(request.messages)}};
  if (!request.system.empty()) body["system"] = request.system;
  if (request.temperature) body["temperature"] = *request.temperature;
  json::array tools;
  for (const sdk::ToolDefinition& tool : request.tools)
    tools.push_back(json::object{{"name", tool.name},
                                 {"description", tool.description},
                                 {"input_schema", shared::object_schema(tool.parameters)}});
  if (tools.empty()) return body;
  body["tools"] = std::move(tools);
  if (!request.may_call_tools) body["tool_choice"] = json::object{{"type", "none"}};
  return body;
}

std::string stop_reason_of(const std::string& reason, bool has_calls) {
  if (reason == "refusal") return "refusal";
  if (reason == "max_tokens" || reason == "model_context_window_exceeded") return "max_tokens";
  return has_calls ? "tool_calls" : "end";
}

sdk::Usage usage_of(const json::object& reply, std::size_t request_bytes,
                    std::size_t answer_bytes) {
  const json::object sent = sdk::optional_object(reply, "usage");
  sdk::Usage usage;
  // An answer without usage still cost money: a token for each byte is never too few.
  usage.input_tokens =
      sdk::optional_integer(sent, "input_tokens", static_cast<std::int64_t>(request_bytes));
  usage.output_tokens =
      sdk::optional_integer(sent, "output_tokens", static_cast<std::int64_t>(answer_bytes));
  usage.cache_read_tokens = sdk::optional_integer(sent, "cache_read_input_tokens");
  usage.cache_write_tokens = sdk::optional_integer(sent, "cache_creation_input_tokens");
  return usage;
}

sdk::Message message_of(const json::array& blocks) {
  sdk::Message message{"assistant", {}, {}, {}, {}};
  json::array kept;
  bool has_others = false;
  for (const json::value& value : blocks) {
    const json::object block = value.is_object() ? value.as_object() : json::object();
    const std::string type = sdk::optional_string(block, "type");
    if (type == "text") {
      const std::string text = sdk::optional_string(block, "text");
      if (!is_visible(text)) continue;
      if (!message.text.empty()) message.text += "\n";
      message.text += text;
    } else if (type == "tool_use") {
      message.tool_calls.push_back({sdk::required_string(block, "id"),
                                    sdk::required_string(block, "name"),
                                    shared::arguments_of(block.if_contains("input"))});
    } else {
      has_others = true;
    }
    kept.push_back(value);
  }
  // Thinking blocks carry signatures and must come back unchanged, in their places.
  if (has_others) message.engine_data = {{kBlocks, std::move(kept)}};
  return message;
}

sdk::GenerateResult result_of(const json::object& reply, const sdk::GenerateRequest& request,
                              std::size_t request_bytes) {
  const json::value* content = reply.if_contains("content");
  if (!content || !content->is_array())
    throw shared::unreadable("no content in it", json::serialize(reply));
  sdk::GenerateResult result;
  try {
    result.message = message_of(content->as_array());
  } catch (const sdk::Failure& failure) {
    throw shared::unreadable(failure.what(), json::serialize(reply));
  }
  result.stop_reason = stop_reason_of(sdk::optional_string(reply, "stop_reason"),
                                      !result.message.tool_calls.empty());
  result.model = sdk::optional_string(reply, "model", request.model);
  result.usage = usage_of(reply, request_bytes, json::serialize(*content).size());
  return result;
}

class Anthropic : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const shared::Provider provider{
        shared::with_version(request.base_url.empty() ? kOwnBaseUrl : request.base_url, "/v1"),
        "x-api-key",
        "",
        {{"anthropic-version", kProtocolVersion}},
        "[learning.distillation.teacher] or [learning.distillation.judge]"};
    const std::string text = json::serialize(body_of(request));
    const sdk::HttpResult answer = shared::post(provider, "/messages", text, host);
    return result_of(shared::body_of(answer, provider), request, text.size());
  }
};

}  // namespace

JARVIS_PLUGIN(Anthropic, "anthropic", "0.1.0")
