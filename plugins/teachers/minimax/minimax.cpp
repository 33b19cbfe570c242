#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_engine.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr double kLowestTemperature = 0.01;

void with_allowed_temperature(json::object& body) {
  if (const auto wanted = sdk::optional_number(body, "temperature"))
    body["temperature"] = std::clamp(*wanted, kLowestTemperature, 1.0);
}

/** The provider reports its errors with a status of success. */
void require_success(const json::object& reply) {
  const json::object state = sdk::optional_object(reply, "base_resp");
  const std::int64_t code = sdk::optional_integer(state, "status_code");
  if (code == 0) return;
  const std::string said = "(" + std::to_string(code) +
                           "): " + shared::excerpt(sdk::optional_string(state, "status_msg"));
  switch (code) {
    case 1000:  // unknown
    case 1001:  // timeout
    case 1002:  // too many requests
    case 1013:  // internal
    case 1024:
    case 1033:
    case 1039:  // too many tokens a minute
      throw sdk::retryable("the provider is busy or has a fault " + said);
    case 1004:
    case 2049:
      throw sdk::unavailable("the provider refused the key " + said,
                             std::string("check the environment variable that api_key_env in ") +
                                 shared::kEngineSections + " names");
    case 1008:
      throw sdk::unavailable("the provider's account has no money left " + said,
                             "check the account's balance and limits");
    default:
      throw sdk::invalid("the provider refused the request " + said);
  }
}

shared::ChatDialect dialect() {
  shared::ChatDialect dialect;
  dialect.own_base_url = "https://api.minimax.io/v1";
  // Its reasoning stands in the content, and a call's results are refused without it.
  dialect.kept = {"content"};
  dialect.stream_end = "\"total_tokens\"";
  dialect.adjust = with_allowed_temperature;
  dialect.check = require_success;
  return dialect;
}

struct MiniMax : shared::ChatTeacher {
  MiniMax() : ChatTeacher(dialect()) {}
};

}  // namespace

JARVIS_PLUGIN(MiniMax, "minimax", "0.1.0")
