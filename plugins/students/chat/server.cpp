#include "plugins/students/chat/server.hpp"

namespace jarvis::chat {

Server::Server(EnginePlace place, std::string start_hint, shared::Refusals& refusals)
    : place_(std::move(place)),
      provider_{place_.base_url, "authorization", "Bearer ", {}, "[learning.distillation.student]"},
      start_hint_(std::move(start_hint)),
      refusals_(refusals) {}

void Server::cannot_reach(const sdk::Failure& cause) const {
  throw sdk::unavailable(
      "the student's server cannot be reached at " + place_.base_url + ": " + cause.what(),
      start_hint_ + ", or set learning.distillation.student.base_url");
}

shared::Posted Server::post(const std::string& path, ModelRequest& request,
                            const std::function<json::object(const ModelRequest&)>& body,
                            const std::vector<shared::Mend>& mends,
                            const shared::StreamShape& stream, const sdk::Host& host) try {
  json::object sent = body(request);
  const bool shows_tools = sent.contains("tools");
  shared::Posted posted =
      shared::post_mended(provider_, path, std::move(sent), mends, stream, refusals_, host);
  if (posted.answer.status != 400 || !shows_tools) return posted;
  host.warning("the student's server refuses tools, so it is asked without them: " +
               shared::provider_text(posted.answer.body));
  request.conversation.tools.clear();
  return shared::post_mended(provider_, path, body(request), mends, stream, refusals_, host);
} catch (const sdk::Failure& failure) {
  if (failure.status() == JARVIS_UNAVAILABLE) cannot_reach(failure);
  throw;
}

json::object Server::get(const std::string& path, const sdk::Host& host) const try {
  sdk::HttpRequest question;
  question.method = "GET";
  question.url = provider_.base_url + path;
  question.key_header = provider_.key_header;
  question.key_prefix = provider_.key_prefix;
  const sdk::HttpResult answer = sdk::http_result(host.call("http", sdk::to_json(question)));
  boost::system::error_code error;
  json::value body = json::parse(answer.body, error);
  if (answer.status != 200 || error || !body.is_object()) return {};
  return std::move(body.as_object());
} catch (const sdk::Failure& failure) {
  if (failure.status() == JARVIS_UNAVAILABLE || failure.status() == JARVIS_RETRYABLE)
    cannot_reach(failure);
  throw;
}

std::vector<std::string> names_listed(const json::object& body, const char* list,
                                      const char* name) {
  std::vector<std::string> names;
  for (const json::value& row : sdk::optional_array(body, list))
    if (row.is_object())
      if (std::string text = sdk::optional_string(row.as_object(), name); !text.empty())
        names.push_back(std::move(text));
  return names;
}

}  // namespace jarvis::chat
