#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_engine.hpp"
#include "plugins/shared/reasoning_models.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kOwnBaseUrl = "https://api.openai.com/v1";
constexpr const char* kOwnLimit = "max_completion_tokens";
constexpr const char* kCommonLimit = "max_tokens";

/** Models that reason behind another address may want the limit's new name too. */
constexpr shared::Mend kWithOwnLimit{kOwnLimit, [](json::object& body) {
                                       if (!body.contains(kCommonLimit)) return false;
                                       body[kOwnLimit] = body[kCommonLimit];
                                       body.erase(kCommonLimit);
                                       return true;
                                     }};

void without_refused_temperature(json::object& body) {
  if (shared::is_reasoning_model(sdk::optional_string(body, "model"))) body.erase("temperature");
}

/** The provider's newer models refuse the old name of the token limit; most other servers of this
 * protocol know only the old one. */
shared::ChatDialect dialect(const char* limit) {
  shared::ChatDialect dialect;
  dialect.own_base_url = kOwnBaseUrl;
  dialect.limit = limit;
  dialect.mends = {kWithOwnLimit, shared::kWithoutTemperature, shared::kWithoutStream};
  dialect.adjust = without_refused_temperature;
  return dialect;
}

class OpenAi : public sdk::TeacherEngine {
 public:
  sdk::GenerateResult generate(const sdk::GenerateRequest& request,
                               const sdk::Host& host) override {
    const bool at_home =
        request.base_url.empty() || request.base_url.rfind("https://api.openai.com", 0) == 0;
    return shared::ask_chat(at_home ? own_ : elsewhere_, request, refusals_, host);
  }

 private:
  const shared::ChatDialect own_ = dialect(kOwnLimit);
  const shared::ChatDialect elsewhere_ = dialect(kCommonLimit);
  shared::Refusals refusals_;
};

}  // namespace

JARVIS_PLUGIN(OpenAi, "openai", "0.1.0")
