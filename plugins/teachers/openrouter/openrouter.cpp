#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_engine.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

void with_cost(json::object& body) {
  body["usage"] = json::object{{"include", true}};
}

shared::ChatDialect dialect() {
  shared::ChatDialect dialect;
  dialect.own_base_url = "https://openrouter.ai/api/v1";
  dialect.model_prefix = "openrouter/";
  // Some of the models behind it refuse a call whose reasoning does not come back signed.
  dialect.kept = {"reasoning_details"};
  dialect.adjust = with_cost;
  return dialect;
}

struct OpenRouter : shared::ChatTeacher {
  OpenRouter() : ChatTeacher(dialect()) {}
};

}  // namespace

JARVIS_PLUGIN(OpenRouter, "openrouter", "0.1.0")
