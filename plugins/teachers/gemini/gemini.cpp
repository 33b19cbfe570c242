#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/call_ids.hpp"
#include "plugins/shared/event_stream.hpp"
#include "plugins/teachers/gemini/request.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace gemini = jarvis::gemini;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "https://generativelanguage.googleapis.com";
/** Of "finishReason", or of "blockReason" where the prompt was not taken. */
constexpr const char* kStreamEnd = "Reason\"";
/** The model wrote a call that even the provider cannot read; asked again it mostly succeeds. */
constexpr const char* kMalformedCall = "MALFORMED_FUNCTION_CALL";

/** The answer that the pieces of a stream make up: each repeats the whole but for the parts. */
json::object reply_of(const std::vector<json::object>& events) {
  json::object reply, candidate;
  json::array parts;
  for (const json::object& event : events) {
    for (const auto& [name, value] : event)
      if (name != "candidates") reply[name] = value;
    const json::array candidates = sdk::optional_array(event, "candidates");
    if (candidates.empty() || !candidates.front().is_object()) continue;
    for (const auto& [name, value] : candidates.front().as_object()) candidate[name] = value;
    const json::array more = sdk::optional_array(
        sdk::optional_object(candidates.front().as_object(), "content"), "parts");
    parts.insert(parts.end(), more.begin(), more.end());
  }
  if (candidate.empty()) return reply;
  candidate["content"] = json::object{{"role", "model"}, {"parts", std::move(parts)}};
  reply["candidates"] = json::array{std::move(candidate)};
  return reply;
}

/** Whether the provider wants this part back as it was: it has a signature, or a call its id. */
bool must_come_back(const json::object& part) {
  return part.contains("thoughtSignature") ||
         sdk::optional_object(part, "functionCall").contains("id");
}

sdk::Message message_of(const json::array& parts, const sdk::GenerateRequest& request) {
  sdk::Message message{"assistant", {}, {}, {}, {}};
  shared::CallIds ids(request);
  bool keeps = false;
  json::array kept;
  for (const json::value& value : parts) {
    if (!value.is_object()) continue;
    json::object part = value.as_object();
    keeps = keeps || must_come_back(part);
    if (json::object call = sdk::optional_object(part, "functionCall"); !call.empty()) {
      const std::string own = sdk::optional_string(call, "id");
      const std::string id = ids.next(own);
      message.tool_calls.push_back(
          {id, sdk::required_string(call, "name"), shared::arguments_of(call.if_contains("args"))});
      // An id that came twice is known to nobody but us from now on.
      if (!own.empty()) call["id"] = id;
      part["functionCall"] = std::move(call);
    } else if (!sdk::optional_bool(part, "thought")) {
      message.text += sdk::optional_string(part, "text");
    }
    kept.push_back(std::move(part));
  }
  if (keeps) message.engine_data = {{gemini::kParts, std::move(kept)}};
  return message;
}

std::string stop_reason_of(const std::string& reason, bool has_calls) {
  if (reason == "MAX_TOKENS") return "max_tokens";
  for (const char* refusal : {"SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT",
                              "SPII", "IMAGE_SAFETY"})
    if (reason == refusal) return "refusal";
  return has_calls ? "tool_calls" : "end";
}

sdk::Usage usage_of(const json::object& reply, std::size_t request_bytes,
                    std::size_t answer_bytes) {
  const json::object sent = sdk::optional_object(reply, "usageMetadata");
  sdk::Usage usage;
  // An answer without usage still cost money: a token for each byte is never too few.
  const auto prompt = std::max<std::int64_t>(
      sdk::optional_integer(sent, "promptTokenCount", static_cast<std::int64_t>(request_bytes)), 0);
  usage.cache_read_tokens =
      std::clamp<std::int64_t>(sdk::optional_integer(sent, "cachedContentTokenCount"), 0, prompt);
  usage.input_tokens =
      prompt - usage.cache_read_tokens + sdk::optional_integer(sent, "toolUsePromptTokenCount");
  usage.output_tokens =
      sdk::optional_integer(sent, "candidatesTokenCount",
                            sent.empty() ? static_cast<std::int64_t>(answer_bytes) : 0) +
      sdk::optional_integer(sent, "thoughtsTokenCount");
  return usage;
}

sdk::GenerateResult result_of(const json::object& reply, const sdk::GenerateRequest& request,
                              std::size_t request_bytes) {
  const json::array candidates = sdk::optional_array(reply, "candidates");
  sdk::GenerateResult result;
  result.message.role = "assistant";
  result.model = sdk::optional_string(reply, "modelVersion", request.model);
  result.usage = usage_of(reply, request_bytes, json::serialize(candidates).size());
  if (candidates.empty() || !candidates.front().is_object()) {
    const std::string blocked =
        sdk::optional_string(sdk::optional_object(reply, "promptFeedback"), "blockReason");
    if (blocked.empty()) throw shared::unreadable("no candidate in it", json::serialize(reply));
    result.stop_reason = "refusal";
    result.message.text = "the provider blocked the prompt: " + blocked;
    return result;
  }
  const json::object& candidate = candidates.front().as_object();
  const json::object content = sdk::optional_object(candidate, "content");
  if (content.empty() && !candidate.contains("finishReason"))
    throw shared::unreadable("no content in it", json::serialize(reply));
  try {
    result.message = message_of(sdk::optional_array(content, "parts"), request);
  } catch (const sdk::Failure& failure) {
    throw shared::unreadable(failure.what(), json::serialize(reply));
  }
  result.stop_reason = stop_reason_of(sdk::optional_string(candidate, "finishReason"),
                                      !result.message.tool_calls.empty());
  return result;
}

bool has_malformed_call(const json::object& reply) {
  const json::array candidates = sdk::optional_array(reply, "candidates");
  return !candidates.empty() && candidates.front().is_object() &&
         sdk::optional_string(candidates.front().as_object(), "finishReason") == kMalformedCall;
}

void add(sdk::Usage& usage, const sdk::Usage& more) {
  usage.input_tokens += more.input_tokens;
  usage.output_tokens += more.output_tokens;
  usage.cache_read_tokens += more.cache_read_tokens;
}

/** "models/gemini-2.5-pro" and "gemini-2.5-pro" are the same; nothing else may stand in the path.
 */
std::string path_of(const sdk::GenerateRequest& request) {
  const std::string name =
      request.model.rfind("models/", 0) == 0 ? request.model.substr(7) : request.model;
  const bool is_name = !name.empty() && name.find_first_not_of(
                                            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                            "0123456789-._") == std::string::npos;
  if (!is_name) throw sdk::invalid("'" + request.model + "' is no name of a Gemini model");
  return "/models/" + name +
         (shared::is_long(request) ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

class Gemini : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const shared::Provider provider{
        shared::with_version(request.base_url.empty() ? kOwnBaseUrl : request.base_url, "/v1beta"),
        "x-goog-api-key",
        "",
        {},
        shared::kEngineSections};
    const std::string body = json::serialize(gemini::body_of(request));
    const json::object first = ask(provider, request, body, host);
    if (!has_malformed_call(first)) return result_of(first, request, body.size());
    sdk::GenerateResult result =
        result_of(ask(provider, request, body, host), request, body.size());
    add(result.usage, result_of(first, request, body.size()).usage);
    return result;
  }

 private:
  static json::object ask(const shared::Provider& provider, const sdk::GenerateRequest& request,
                          const std::string& body, const sdk::Host& host) {
    const sdk::HttpResult answer =
        shared::post(provider, path_of(request), body, host,
                     {shared::is_long(request) ? kStreamEnd : std::string()});
    shared::require_success(answer, provider);
    return shared::is_event_stream(answer) ? reply_of(shared::events_of(answer.body))
                                           : shared::body_of(answer, provider);
  }
};

}  // namespace

JARVIS_PLUGIN(Gemini, "gemini", "0.1.0")
