#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/ollama_chat.hpp"
#include "plugins/shared/thoughts.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "http://localhost:11434";
constexpr const char* kPrefix = "ollama/";
constexpr std::int64_t kSmallestContext = 8192;
/** Never more than a token for so many bytes of a prompt in JSON. */
constexpr std::int64_t kBytesPerToken = 3;

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
  json::object body = shared::ollama_body(request);
  if (request.model.rfind(kPrefix, 0) == 0)
    body["model"] = request.model.substr(std::strlen(kPrefix));
  json::object options{{"num_predict", request.max_output_tokens}};
  if (request.temperature) options["temperature"] = *request.temperature;
  options["num_ctx"] =
      own_context > 0 ? own_context : context_for(json::serialize(body).size(), request);
  body["options"] = std::move(options);
  return body;
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
    const sdk::HttpResult answer =
        shared::post(provider, "/api/chat", body, host, {shared::kOllamaStreamEnd});
    require_answer(answer, provider);
    sdk::GenerateResult result =
        shared::ollama_result(shared::ollama_reply(answer, provider), request, body.size());
    result.message.text = shared::without_thoughts(result.message.text);
    return result;
  }
};

}  // namespace

JARVIS_PLUGIN(Ollama, "ollama", "0.1.0")
