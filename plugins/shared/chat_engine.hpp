#pragma once

#include <jarvis/sdk/plugin.hpp>
#include <string>
#include <vector>

#include "plugins/shared/chat_completions.hpp"
#include "plugins/shared/chat_stream.hpp"
#include "plugins/shared/mended_post.hpp"
#include "plugins/shared/thoughts.hpp"

namespace jarvis::shared {

/** In what one server of the chat-completions protocol differs from the others. */
struct ChatDialect {
  std::string own_base_url;
  /** Taken off the model's name: it only picks the engine. */
  std::string model_prefix;
  /** The name of the limit on output tokens. */
  const char* limit = "max_tokens";
  /** Fields of an answer's message that its next request must hold unchanged. */
  std::vector<const char*> kept = {};
  /** Answers that may have more tokens come as a stream. */
  std::int64_t streams_above = kLongAnswer;
  /** What the last event of a stream holds. */
  const char* stream_end = kChatStreamEnd;
  std::vector<Mend> mends = {kWithoutTemperature, kWithoutStream};
  /** The last say on a request's body. May be null. */
  void (*adjust)(json::object& body) = nullptr;
  /** Throws for a success that is none. May be null. */
  void (*check)(const json::object& reply) = nullptr;
  /** The failure for an answer that is no success. */
  sdk::Failure (*failure)(const sdk::HttpResult& answer, const Provider& provider,
                          const sdk::GenerateRequest& request) = nullptr;
};

inline Provider chat_provider(const ChatDialect& dialect, const sdk::GenerateRequest& request) {
  return {with_version(request.base_url.empty() ? dialect.own_base_url : request.base_url, "/v1"),
          "authorization",
          "Bearer ",
          {},
          kEngineSections};
}

inline std::string without_prefix(const std::string& text, const std::string& prefix) {
  return text.compare(0, prefix.size(), prefix) == 0 ? text.substr(prefix.size()) : text;
}

/** Puts what the earlier answers want back into the messages made of them. */
inline void return_kept_fields(const ChatDialect& dialect, json::array& messages,
                               const sdk::GenerateRequest& request) {
  auto sent = messages.begin();
  for (const sdk::Message& message : request.messages) {
    if (message.role != "assistant" || (message.text.empty() && message.tool_calls.empty()))
      continue;
    while (sent != messages.end() && sent->as_object().at("role") != "assistant") ++sent;
    if (sent == messages.end()) return;
    for (const char* name : dialect.kept)
      if (const json::value* value = message.engine_data.if_contains(name))
        sent->as_object()[name] = *value;
    ++sent;
  }
}

inline json::object chat_request_body(const ChatDialect& dialect,
                                      const sdk::GenerateRequest& request) {
  json::object body = chat_body(request);
  body["model"] = without_prefix(request.model, dialect.model_prefix);
  body[dialect.limit] = request.max_output_tokens;
  return_kept_fields(dialect, body["messages"].as_array(), request);
  if (request.max_output_tokens > dialect.streams_above) {
    body["stream"] = true;
    body["stream_options"] = json::object{{"include_usage", true}};
  }
  if (dialect.adjust) dialect.adjust(body);
  return body;
}

/** An error that came with a status of success, as some relays send it. */
inline void require_no_error(const json::object& reply, const Provider& provider) {
  const json::array choices = sdk::optional_array(reply, "choices");
  json::object error = sdk::optional_object(reply, "error");
  if (error.empty() && !choices.empty() && choices.front().is_object())
    error = sdk::optional_object(choices.front().as_object(), "error");
  if (error.empty()) return;
  const auto code = static_cast<int>(sdk::optional_integer(error, "code", 500));
  throw failure_of({code >= 400 && code <= 599 ? code : 500,
                    {},
                    json::serialize(json::object{{"error", std::move(error)}})},
                   provider);
}

/** The message's fields that must come back. Reasoning belongs to the calls that it led to. */
inline json::object kept_fields(const ChatDialect& dialect, const json::object& message,
                                const sdk::GenerateResult& result) {
  json::object kept;
  if (result.message.tool_calls.empty()) return kept;
  for (const char* name : dialect.kept)
    if (const json::value* value = message.if_contains(name); value && !value->is_null())
      kept[name] = *value;
  return kept;
}

inline sdk::GenerateResult chat_engine_result(const ChatDialect& dialect, const json::object& reply,
                                              const sdk::GenerateRequest& request,
                                              std::size_t request_bytes) {
  sdk::GenerateResult result = chat_result(reply, request, request_bytes);
  const json::object message =
      sdk::optional_object(sdk::optional_array(reply, "choices").front().as_object(), "message");
  result.message.engine_data = kept_fields(dialect, message, result);
  result.message.text = without_thoughts(result.message.text);
  return result;
}

/** One call of a server of this dialect. */
inline sdk::GenerateResult ask_chat(const ChatDialect& dialect, const sdk::GenerateRequest& request,
                                    Refusals& refusals, const sdk::Host& host) {
  const Provider provider = chat_provider(dialect, request);
  const Posted posted =
      post_mended(provider, "/chat/completions", chat_request_body(dialect, request), dialect.mends,
                  {dialect.stream_end}, refusals, host);
  const sdk::HttpResult& answer = posted.answer;
  if (dialect.failure && (answer.status < 200 || answer.status > 299))
    throw dialect.failure(answer, provider, request);
  require_success(answer, provider);
  const json::object reply =
      is_event_stream(answer) ? chat_reply_of(events_of(answer.body)) : body_of(answer, provider);
  require_no_error(reply, provider);
  if (dialect.check) dialect.check(reply);
  return chat_engine_result(dialect, reply, request, posted.request_bytes);
}

/** A teacher whose server speaks a dialect of chat completions. */
class ChatTeacher : public sdk::TeacherEngine {
 public:
  explicit ChatTeacher(ChatDialect dialect) : dialect_(std::move(dialect)) {}

  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    return ask_chat(dialect_, request, refusals_, host);
  }

 private:
  const ChatDialect dialect_;
  Refusals refusals_;
};

}  // namespace jarvis::shared
