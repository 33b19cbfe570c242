#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_engine.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

constexpr const char* kToolsHint =
    "start the server with tool calls (vLLM: --enable-auto-tool-choice --tool-call-parser …; "
    "llama.cpp: --jinja; SGLang: --tool-call-parser …), or name another model or engine in "
    "[learning.distillation.teacher]; a judge needs no tools";

/** A teacher that cannot look at anything would only guess, so the tools are never left out. */
sdk::Failure failure_of(const sdk::HttpResult& answer, const shared::Provider& provider,
                        const sdk::GenerateRequest& request) {
  const std::string said = shared::provider_text(answer.body);
  const bool names_tools =
      said.find("tool") != std::string::npos || said.find("jinja") != std::string::npos;
  if (request.tools.empty() || !names_tools || answer.status == 429)
    return shared::failure_of(answer, provider);
  return sdk::invalid("the server takes no tools (" + std::to_string(answer.status) + "): " + said,
                      kToolsHint);
}

shared::ChatDialect dialect() {
  shared::ChatDialect dialect;
  dialect.own_base_url = "http://localhost:8000/v1";
  // A small machine writes a few tokens a second.
  dialect.streams_above = 1024;
  dialect.failure = failure_of;
  return dialect;
}

struct OpenAiCompatible : shared::ChatTeacher {
  OpenAiCompatible() : ChatTeacher(dialect()) {}
};

}  // namespace

JARVIS_PLUGIN(OpenAiCompatible, "openai-compatible", "0.1.0")
