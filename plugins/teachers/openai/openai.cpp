#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_completions.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "https://api.openai.com/v1";
constexpr const char* kOwnLimit = "max_completion_tokens";
constexpr const char* kCommonLimit = "max_tokens";

/** The provider's newer models refuse the old name of the token limit; most other servers of this
 *  protocol know only the old one. */
const char* limit_name(const std::string& base_url) {
  return base_url.rfind("https://api.openai.com", 0) == 0 ? kOwnLimit : kCommonLimit;
}

/** Takes back what a model behind the same protocol may refuse: a temperature (reasoning models) or
 * the old name of the token limit (those models behind another address). False when nothing can be
 * mended. */
bool mend(json::object& body, const std::string& complaint) {
  if (complaint.find(kOwnLimit) != std::string::npos && body.contains(kCommonLimit)) {
    body[kOwnLimit] = body[kCommonLimit];
    body.erase(kCommonLimit);
    return true;
  }
  return complaint.find("temperature") != std::string::npos && body.erase("temperature") > 0;
}

class OpenAi : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const shared::Provider provider{
        shared::with_version(request.base_url.empty() ? kOwnBaseUrl : request.base_url, "/v1"),
        "authorization",
        "Bearer ",
        {},
        "[learning.distillation.teacher] or [learning.distillation.judge]"};
    json::object body = shared::chat_body(request);
    body[limit_name(provider.base_url)] = request.max_output_tokens;
    std::string text = json::serialize(body);
    sdk::HttpResult answer = shared::post(provider, "/chat/completions", text, host);
    while (answer.status == 400 && mend(body, shared::provider_text(answer.body))) {
      text = json::serialize(body);
      answer = shared::post(provider, "/chat/completions", text, host);
    }
    return shared::chat_result(shared::body_of(answer, provider), request, text.size());
  }
};

}  // namespace

JARVIS_PLUGIN(OpenAi, "openai", "0.1.0")
