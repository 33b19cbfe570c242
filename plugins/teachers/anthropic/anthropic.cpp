#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/event_stream.hpp"
#include "plugins/shared/mended_post.hpp"
#include "plugins/teachers/anthropic/stream.hpp"

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

void mark(json::value& block) {
  block.as_object()["cache_control"] = json::object{{"type", "ephemeral"}};
}

/** Marks where the provider may keep what it has read. Only a conversation with tools goes on, and
 * writing to the cache costs more than reading once; the turns are marked while the next request
 * begins like this one. The last but one is marked too: a turn with many results lies beyond how
 * far the provider looks back. */
void mark_stable_parts(json::object& body, bool goes_on) {
  if (body.contains("system"))
    mark(body["system"].as_array().back());
  else
    mark(body["tools"].as_array().back());
  if (!goes_on) return;
  int marks = 2;
  json::array& turns = body["messages"].as_array();
  for (auto turn = turns.rbegin(); turn != turns.rend() && marks > 0; ++turn) {
    if (turn->as_object()["role"].as_string() != "user") continue;
    mark(turn->as_object()["content"].as_array().back());
    --marks;
  }
}

json::object body_of(const sdk::GenerateRequest& request) {
  json::object body{{"model", request.model},
                    {"max_tokens", request.max_output_tokens},
                    {"messages", turns_of(request.messages)}};
  if (is_visible(request.system)) body["system"] = json::array{text_block(request.system)};
  if (request.temperature) body["temperature"] = std::clamp(*request.temperature, 0.0, 1.0);
  if (shared::is_long(request)) body["stream"] = true;
  json::array tools;
  for (const sdk::ToolDefinition& tool : request.tools)
    tools.push_back(json::object{{"name", tool.name},
                                 {"description", tool.description},
                                 {"input_schema", shared::object_schema(tool.parameters)}});
  if (tools.empty()) return body;
  body["tools"] = std::move(tools);
  if (!request.may_call_tools) body["tool_choice"] = json::object{{"type", "none"}};
  mark_stable_parts(body, request.may_call_tools);
  return body;
}

std::string stop_reason_of(const std::string& reason, bool has_calls) {
  if (reason == "refusal") return "refusal";
  // A pause is no end: who asked for the answer goes on as after one that was cut off.
  for (const char* cut : {"max_tokens", "model_context_window_exceeded", "pause_turn"})
    if (reason == cut) return "max_tokens";
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
        shared::kEngineSections};
    const shared::Posted posted =
        shared::post_mended(provider, "/messages", body_of(request),
                            {shared::kWithoutTemperature, shared::kWithoutStream},
                            {jarvis::anthropic::kStreamEnd}, refusals_, host);
    shared::require_success(posted.answer, provider);
    const json::object reply =
        shared::is_event_stream(posted.answer)
            ? jarvis::anthropic::reply_of(shared::events_of(posted.answer.body))
            : shared::body_of(posted.answer, provider);
    return result_of(reply, request, posted.request_bytes);
  }

 private:
  shared::Refusals refusals_;
};

}  // namespace

JARVIS_PLUGIN(Anthropic, "anthropic", "0.1.0")
