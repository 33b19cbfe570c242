#include "plugins/students/chat/completions_engine.hpp"

#include "plugins/shared/chat_engine.hpp"

namespace jarvis::chat {

namespace {

// Longer answers than this may take a slow machine more time than a server may stay silent.
constexpr std::int64_t kStreamsAbove = 1024;

json::object body_of(const ModelRequest& request) {
  const sdk::GenerateRequest& conversation = request.conversation;
  json::object body = shared::chat_body(conversation);
  body["max_tokens"] = conversation.max_output_tokens;
  for (const auto& [name, value] : request.sampling) body[name] = value;
  if (!request.stops.empty()) body["stop"] = json::value_from(request.stops);
  if (request.is_heard || conversation.max_output_tokens > kStreamsAbove) {
    body["stream"] = true;
    body["stream_options"] = json::object{{"include_usage", true}};
  }
  return body;
}

}  // namespace

sdk::GenerateResult CompletionsEngine::ask(ModelRequest& request, const sdk::Host& host) {
  const shared::StreamShape stream{shared::kChatStreamEnd,
                                   request.is_heard ? "/choices/0/delta/content" : ""};
  const shared::Posted posted =
      server_.post("/chat/completions", request, body_of, {shared::kWithoutStream}, stream, host);
  const shared::Provider& provider = server_.provider();
  shared::require_success(posted.answer, provider);
  const json::object reply = shared::is_event_stream(posted.answer)
                                 ? shared::chat_reply_of(shared::events_of(posted.answer.body))
                                 : shared::body_of(posted.answer, provider);
  shared::require_no_error(reply, provider);
  return shared::chat_result(reply, request.conversation, posted.request_bytes);
}

sdk::ProbeResult CompletionsEngine::probe(const sdk::Host& host) {
  return {names_listed(server_.get("/models", host), "data", "id")};
}

}  // namespace jarvis::chat
