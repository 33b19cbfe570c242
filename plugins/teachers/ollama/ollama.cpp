#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/call_ids.hpp"
#include "plugins/shared/event_stream.hpp"
#include "plugins/shared/thoughts.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "http://localhost:11434";
constexpr const char* kPrefix = "ollama/";
constexpr const char* kStreamEnd = "\"done\":true";
constexpr std::int64_t kSmallestContext = 8192;
/** Never more than a token for so many bytes of a prompt in JSON. */
constexpr std::int64_t kBytesPerToken = 3;

json::array calls_of(const sdk::Message& message) {
  json::array calls;
  for (const sdk::ToolCall& call : message.tool_calls)
    calls.push_back(json::object{
        {"function", json::object{{"name", call.name}, {"arguments", call.arguments}}}});
  return calls;
}

json::array messages_of(const sdk::GenerateRequest& request) {
  const auto names = shared::call_names(request);
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
    if (json::array calls = calls_of(message); !calls.empty())
      sent["tool_calls"] = std::move(calls);
    messages.push_back(std::move(sent));
  }
  if (messages.empty()) throw sdk::invalid("the request has no message with any text");
  if (!request.system.empty())
    messages.insert(messages.begin(),
                    json::object{{"role", "system"}, {"content", request.system}});
  return messages;
}

/** The server silently drops the beginning of what does not fit its default context. Powers of two,
 * because another size loads the model again. */
std::int64_t context_for(std::size_t bytes, const sdk::GenerateRequest& request) {
  const std::int64_t needed =
      static_cast<std::int64_t>(bytes) / kBytesPerToken + request.max_output_tokens;
  std::int64_t context = kSmallestContext;
  while (context < needed) context *= 2;
  return context;
}

json::object body_of(const sdk::GenerateRequest& request, std::int64_t own_context) {
  const std::string model = request.model.rfind(kPrefix, 0) == 0
                                ? request.model.substr(std::strlen(kPrefix))
                                : request.model;
  json::object body{{"model", model}, {"messages", messages_of(request)}, {"stream", true}};
  json::array tools;
  for (const sdk::ToolDefinition& tool : request.tools)
    tools.push_back(json::object{
        {"type", "function"},
        {"function", json::object{{"name", tool.name},
                                  {"description", tool.description},
                                  {"parameters", shared::object_schema(tool.parameters)}}}});
  // The protocol has no way to forbid calls but to show no tools.
  if (!tools.empty() && request.may_call_tools) body["tools"] = std::move(tools);
  json::object options{{"num_predict", request.max_output_tokens}};
  if (request.temperature) options["temperature"] = *request.temperature;
  options["num_ctx"] =
      own_context > 0 ? own_context : context_for(json::serialize(body).size(), request);
  body["options"] = std::move(options);
  return body;
}

/** The answer that the lines of a stream make up. */
json::object reply_of(const std::vector<json::object>& lines) {
  json::object reply, message{{"role", "assistant"}};
  json::array calls;
  bool has_message = false;
  for (const json::object& line : lines) {
    if (const auto error = sdk::optional_string(line, "error"); !error.empty())
      throw sdk::retryable("the server broke off its answer: " + shared::excerpt(error));
    for (const auto& [name, value] : line)
      if (name != "message") reply[name] = value;
    const json::object piece = sdk::optional_object(line, "message");
    has_message = has_message || !piece.empty();
    shared::append_text(message, piece, "content");
    const json::array more = sdk::optional_array(piece, "tool_calls");
    calls.insert(calls.end(), more.begin(), more.end());
  }
  if (!has_message) throw shared::unreadable("no message in it", json::serialize(reply));
  message["tool_calls"] = std::move(calls);
  reply["message"] = std::move(message);
  return reply;
}

sdk::GenerateResult result_of(const json::object& reply, const sdk::GenerateRequest& request,
                              std::size_t request_bytes) {
  const json::object message = sdk::optional_object(reply, "message");
  if (message.empty()) throw shared::unreadable("no message in it", json::serialize(reply));
  sdk::GenerateResult result;
  result.message.role = "assistant";
  result.message.text = shared::without_thoughts(sdk::optional_string(message, "content"));
  shared::CallIds ids(request);
  for (const json::value& value : sdk::optional_array(message, "tool_calls")) {
    const json::object call = value.is_object() ? value.as_object() : json::object();
    const json::object function = sdk::optional_object(call, "function");
    const std::string name = sdk::optional_string(function, "name");
    if (name.empty()) continue;
    result.message.tool_calls.push_back({ids.next(sdk::optional_string(call, "id")), name,
                                         shared::arguments_of(function.if_contains("arguments"))});
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

/** A teacher that cannot look at anything would only guess, so the tools are never left out. */
void require_answer(const sdk::HttpResult& answer, const shared::Provider& provider) {
  const std::string said = shared::provider_text(answer.body);
  if (answer.status == 400 && said.find("does not support tools") != std::string::npos)
    throw sdk::invalid("the model takes no tools (400): " + said,
                       "choose a model that 'ollama show' lists with tools for "
                       "[learning.distillation.teacher]; a judge needs none");
  shared::require_success(answer, provider);
}

std::string base_url_of(const sdk::GenerateRequest& request) {
  std::string url = request.base_url.empty() ? kOwnBaseUrl : request.base_url;
  while (!url.empty() && url.back() == '/') url.pop_back();
  if (url.size() > 3 && url.compare(url.size() - 3, 3, "/v1") == 0)
    throw sdk::invalid("engine 'ollama' speaks the server's own protocol, and '" + url +
                           "' is its copy of another",
                       "take /v1 off base_url, or set engine = \"openai-compatible\"");
  return url;
}

class Ollama : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const shared::Provider provider{
        base_url_of(request), "authorization", "Bearer ", {}, shared::kEngineSections};
    const std::string body =
        json::serialize(body_of(request, sdk::optional_integer(host.settings(), "num_ctx")));
    const sdk::HttpResult answer = shared::post(provider, "/api/chat", body, host, kStreamEnd);
    require_answer(answer, provider);
    const json::object reply = shared::has_type(answer, "ndjson")
                                   ? reply_of(shared::lines_of(answer.body))
                                   : shared::body_of(answer, provider);
    return result_of(reply, request, body.size());
  }
};

}  // namespace

JARVIS_PLUGIN(Ollama, "ollama", "0.1.0")
