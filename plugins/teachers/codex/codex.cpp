#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/call_ids.hpp"
#include "plugins/shared/event_stream.hpp"
#include "plugins/shared/mended_post.hpp"
#include "plugins/shared/reasoning_models.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "https://api.openai.com/v1";
constexpr const char* kPrefix = "codex/";
/** Key of Message::engine_data: the turn's items as they came. */
constexpr const char* kItems = "items";
/** Its end events are response.completed, .incomplete and .failed; each holds the whole usage or
 * error, which no earlier one does. */
constexpr const char* kStreamEnds[] = {"response.completed", "response.incomplete",
                                       "response.failed"};
/** Part of every end event and of none before. */
constexpr const char* kStreamEnd = "\"output_tokens\"";
constexpr const char* kReasoning = "reasoning.encrypted_content";

constexpr shared::Mend kWithoutReasoning{
    "ncrypted", [](json::object& body) { return body.erase("include") > 0; }};

json::object text_item(const char* role, const char* type, const std::string& text) {
  return {{"type", "message"},
          {"role", role},
          {"content", json::array{json::object{{"type", type}, {"text", text}}}}};
}

void append_items(json::array& items, const sdk::Message& message) {
  // The reasoning before a call must come back with it: nothing is stored on the other side.
  if (const json::array kept = sdk::optional_array(message.engine_data, kItems); !kept.empty()) {
    items.insert(items.end(), kept.begin(), kept.end());
    return;
  }
  for (const sdk::ToolResult& result : message.tool_results)
    items.push_back(json::object{
        {"type", "function_call_output"}, {"call_id", result.call_id}, {"output", result.content}});
  const bool is_answer = message.role == "assistant";
  if (!message.text.empty())
    items.push_back(text_item(is_answer ? "assistant" : "user",
                              is_answer ? "output_text" : "input_text", message.text));
  for (const sdk::ToolCall& call : message.tool_calls)
    items.push_back(json::object{{"type", "function_call"},
                                 {"call_id", call.id},
                                 {"name", call.name},
                                 {"arguments", json::serialize(call.arguments)}});
}

std::string model_of(const sdk::GenerateRequest& request) {
  return request.model.rfind(kPrefix, 0) == 0 ? request.model.substr(std::strlen(kPrefix))
                                              : request.model;
}

json::array tools_of(const sdk::GenerateRequest& request) {
  json::array tools;
  for (const sdk::ToolDefinition& tool : request.tools)
    tools.push_back(json::object{{"type", "function"},
                                 {"name", tool.name},
                                 {"description", tool.description},
                                 {"parameters", shared::object_schema(tool.parameters)},
                                 {"strict", false}});
  return tools;
}

json::object body_of(const sdk::GenerateRequest& request) {
  json::array input;
  for (const sdk::Message& message : request.messages) append_items(input, message);
  if (input.empty()) throw sdk::invalid("the request has no message with any text");
  const std::string model = model_of(request);
  json::object body{{"model", model},
                    {"input", std::move(input)},
                    {"max_output_tokens", request.max_output_tokens},
                    {"store", false}};
  if (!request.system.empty()) body["instructions"] = request.system;
  if (shared::is_reasoning_model(model))
    body["include"] = json::array{kReasoning};
  else if (request.temperature)
    body["temperature"] = *request.temperature;
  if (shared::is_long(request)) body["stream"] = true;
  json::array tools = tools_of(request);
  if (tools.empty()) return body;
  body["tools"] = std::move(tools);
  if (!request.may_call_tools) body["tool_choice"] = "none";
  return body;
}

/** The last event holds the whole answer. */
json::object reply_of(const std::vector<json::object>& events) {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const std::string type = sdk::optional_string(*event, "type");
    for (const char* end : kStreamEnds)
      if (type == end) return sdk::optional_object(*event, "response");
    if (type == "error")
      throw sdk::retryable("the provider broke off its answer: " +
                           shared::provider_text(json::serialize(*event)));
  }
  throw shared::unreadable("the stream has no end", "");
}

/** An answer that failed after it was begun. */
void require_no_error(const json::object& reply, const shared::Provider& provider) {
  const json::object error = sdk::optional_object(reply, "error");
  if (error.empty()) return;
  const std::string code = sdk::optional_string(error, "code");
  const bool passes = code == "server_error" || code == "rate_limit_exceeded" ||
                      code == "vector_store_timeout" || code.empty();
  throw shared::failure_of(
      {passes ? 500 : 400, {}, json::serialize(json::object{{"error", error}})}, provider);
}

sdk::Usage usage_of(const json::object& reply, std::size_t request_bytes,
                    std::size_t answer_bytes) {
  const json::object sent = sdk::optional_object(reply, "usage");
  sdk::Usage usage;
  // An answer without usage still cost money: a token for each byte is never too few.
  const auto prompt = std::max<std::int64_t>(
      sdk::optional_integer(sent, "input_tokens", static_cast<std::int64_t>(request_bytes)), 0);
  usage.cache_read_tokens = std::clamp<std::int64_t>(
      sdk::optional_integer(sdk::optional_object(sent, "input_tokens_details"), "cached_tokens"), 0,
      prompt);
  usage.input_tokens = prompt - usage.cache_read_tokens;
  usage.output_tokens =
      sdk::optional_integer(sent, "output_tokens", static_cast<std::int64_t>(answer_bytes));
  return usage;
}

/** Reads an answer's items into its parts. */
class Reading {
 public:
  explicit Reading(const sdk::GenerateRequest& request) : ids_(request) {
    message_.role = "assistant";
  }

  void take(json::object item) {
    const std::string type = sdk::optional_string(item, "type");
    if (type == "message") take_message(item);
    if (type == "function_call") take_call(item);
    has_others_ = has_others_ || (type != "message" && type != "function_call");
    kept_.push_back(std::move(item));
  }

  bool refused() const { return refused_; }

  sdk::Message message() && {
    if (has_others_) message_.engine_data = {{kItems, std::move(kept_)}};
    return std::move(message_);
  }

 private:
  void take_message(const json::object& item) {
    for (const json::value& value : sdk::optional_array(item, "content")) {
      if (!value.is_object()) continue;
      const std::string refusal = sdk::optional_string(value.as_object(), "refusal");
      refused_ = refused_ || !refusal.empty();
      message_.text += sdk::optional_string(value.as_object(), "text", refusal);
    }
  }

  void take_call(json::object& item) {
    const std::string id = ids_.next(sdk::optional_string(item, "call_id"));
    message_.tool_calls.push_back({id, sdk::required_string(item, "name"),
                                   shared::arguments_of(item.if_contains("arguments"))});
    item["call_id"] = id;
  }

  shared::CallIds ids_;
  sdk::Message message_;
  json::array kept_;
  bool has_others_ = false;
  bool refused_ = false;
};

std::string stop_reason_of(const json::object& reply, bool refused, bool has_calls) {
  const std::string cut =
      sdk::optional_string(sdk::optional_object(reply, "incomplete_details"), "reason");
  if (refused || cut == "content_filter") return "refusal";
  if (!cut.empty()) return "max_tokens";
  return has_calls ? "tool_calls" : "end";
}

sdk::GenerateResult result_of(const json::object& reply, const sdk::GenerateRequest& request,
                              std::size_t request_bytes) {
  const json::value* output = reply.if_contains("output");
  if (!output || !output->is_array())
    throw shared::unreadable("no output in it", json::serialize(reply));
  Reading reading(request);
  try {
    for (const json::value& item : output->as_array())
      if (item.is_object()) reading.take(item.as_object());
  } catch (const sdk::Failure& failure) {
    throw shared::unreadable(failure.what(), json::serialize(reply));
  }
  const bool refused = reading.refused();
  sdk::GenerateResult result;
  result.message = std::move(reading).message();
  result.stop_reason = stop_reason_of(reply, refused, !result.message.tool_calls.empty());
  result.model = sdk::optional_string(reply, "model", request.model);
  result.usage = usage_of(reply, request_bytes, json::serialize(*output).size());
  return result;
}

class Codex : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const shared::Provider provider{
        shared::with_version(request.base_url.empty() ? kOwnBaseUrl : request.base_url, "/v1"),
        "authorization",
        "Bearer ",
        {},
        shared::kEngineSections};
    const shared::Posted posted = shared::post_mended(
        provider, "/responses", body_of(request),
        {kWithoutReasoning, shared::kWithoutTemperature, shared::kWithoutStream}, {kStreamEnd},
        refusals_, host);
    shared::require_success(posted.answer, provider);
    const json::object reply = shared::is_event_stream(posted.answer)
                                   ? reply_of(shared::events_of(posted.answer.body))
                                   : shared::body_of(posted.answer, provider);
    require_no_error(reply, provider);
    return result_of(reply, request, posted.request_bytes);
  }

 private:
  shared::Refusals refusals_;
};

}  // namespace

JARVIS_PLUGIN(Codex, "codex", "0.1.0")
