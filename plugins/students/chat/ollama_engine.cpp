#include "plugins/students/chat/ollama_engine.hpp"

#include <charconv>
#include <jarvis/text/student_settings.hpp>

#include "plugins/shared/ollama_chat.hpp"

namespace jarvis::chat {

namespace {

constexpr std::int64_t kMostContext = 16 * 1024 * 1024;

constexpr shared::Mend kWithoutThinking{"thinking",
                                        [](json::object& body) { return body.erase("think") > 0; }};

bool is_context(std::int64_t tokens) {
  return tokens >= 1 && tokens <= kMostContext;
}

std::int64_t context_in(const std::string& variable) {
  std::int64_t tokens = 0;
  const char* end = variable.data() + variable.size();
  const auto [stopped, error] = std::from_chars(variable.data(), end, tokens);
  if (error != std::errc() || stopped != end || !is_context(tokens))
    throw sdk::invalid("the environment variable JARVIS_NUM_CTX is no number of tokens: '" +
                           shared::excerpt(variable) + "'",
                       "unset it, or set it to the context's length, such as 16384");
  return tokens;
}

std::int64_t context_of(const text::TomlDocument& config, const text::SetValue& found) {
  if (!found.value->is_int64() || !is_context(found.value->get_int64()))
    throw sdk::invalid(text::key_place(config, found.path) + " is no number of tokens",
                       "set it to the context's length, such as 16384");
  return found.value->get_int64();
}

bool is_thinking(const json::value& value) {
  return value.is_bool() || value == "low" || value == "medium" || value == "high";
}

}  // namespace

OllamaSettings ollama_settings(const text::TomlDocument& config,
                               const std::string& context_variable) {
  OllamaSettings settings;
  if (const auto found = text::value_of(config, {{"engine", "ollama", "num_ctx"}, {}}))
    settings.num_ctx = context_of(config, *found);
  else if (!context_variable.empty())
    settings.num_ctx = context_in(context_variable);
  if (const auto found = text::value_of(config, {{"engine", "ollama", "think"}, {}})) {
    if (!is_thinking(*found->value))
      throw sdk::invalid(text::key_place(config, found->path) +
                         " is not true, false, \"low\", \"medium\" or "
                         "\"high\"");
    settings.think = *found->value;
  }
  return settings;
}

json::object OllamaEngine::body_of(const ModelRequest& request) const {
  json::object body = shared::ollama_body(request.conversation);
  body["think"] = settings_.think;
  json::object options = request.sampling;
  options["num_predict"] = request.conversation.max_output_tokens;
  options["num_ctx"] = settings_.num_ctx;
  if (request.conversation.temperature) options["temperature"] = *request.conversation.temperature;
  if (!request.stops.empty()) options["stop"] = json::value_from(request.stops);
  body["options"] = std::move(options);
  return body;
}

void OllamaEngine::require_answer(const sdk::HttpResult& answer, const std::string& model) const {
  const std::string said = shared::provider_text(answer.body);
  if (answer.status == 404 && said.find("model") != std::string::npos)
    throw sdk::invalid("the student's server has no model '" + model + "' (404): " + said,
                       "run 'ollama pull " + model + "', or choose another model in config.toml");
  if (answer.status == 404 || answer.status == 405)
    throw sdk::invalid("the server at " + server_.provider().base_url +
                           " does not speak Ollama's protocol (" + std::to_string(answer.status) +
                           "): " + said,
                       "for a server of the OpenAI protocol, let base_url in "
                       "[learning.distillation.student] end in /v1");
  shared::require_success(answer, server_.provider());
}

sdk::GenerateResult OllamaEngine::ask(ModelRequest& request, const sdk::Host& host) {
  const shared::StreamShape stream{shared::kOllamaStreamEnd,
                                   request.is_heard ? "/message/content" : ""};
  const shared::Posted posted = server_.post(
      "/api/chat", request, [this](const ModelRequest& asked) { return body_of(asked); },
      {kWithoutThinking}, stream, host);
  require_answer(posted.answer, request.conversation.model);
  return shared::ollama_result(shared::ollama_reply(posted.answer, server_.provider()),
                               request.conversation, posted.request_bytes);
}

sdk::ProbeResult OllamaEngine::probe(const sdk::Host& host) {
  constexpr std::string_view kLatest = ":latest";
  std::vector<std::string> models = names_listed(server_.get("/api/tags", host), "models", "name");
  const std::size_t listed = models.size();
  for (std::size_t i = 0; i < listed; ++i) {
    const std::size_t name = models[i].rfind(kLatest);
    if (name != std::string::npos && name + kLatest.size() == models[i].size())
      models.push_back(models[i].substr(0, name));
  }
  return {models};
}

}  // namespace jarvis::chat
