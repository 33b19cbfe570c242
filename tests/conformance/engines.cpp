#include "tests/conformance/engines.hpp"

#include <jarvis/abi/interfaces.h>

#include <algorithm>
#include <stdexcept>

namespace jarvis::conformance {

namespace {

ChatServerKind chat_kind(const std::string& model) {
  ChatServerKind kind;
  kind.model = model;
  return kind;
}

EngineRow openai() {
  return {"openai", "gpt-4o-conformance", chat_protocol(chat_kind("gpt-4o-conformance")),
          "test-key-of-chat"};
}

EngineRow openrouter() {
  ChatServerKind kind = chat_kind("vendor/conformance");
  kind.wants_usage_option = true;
  kind.reports_cost = true;
  kind.reasoning_field = "reasoning_details";
  EngineRow row{"openrouter", "openrouter/vendor/conformance", chat_protocol(kind),
                "test-key-of-chat"};
  row.reports_cost = true;
  return row;
}

EngineRow deepseek() {
  ChatServerKind kind = chat_kind("deepseek-conformance");
  kind.own_cache_fields = true;
  kind.reasoning_field = "reasoning_content";
  return {"deepseek", "deepseek-conformance", chat_protocol(kind), "test-key-of-chat"};
}

EngineRow minimax() {
  ChatServerKind kind = chat_kind("MiniMax-conformance");
  kind.lowest_temperature = 0.01;
  kind.reasoning_field = "content";
  return {"minimax", "MiniMax-conformance", chat_protocol(kind), "test-key-of-chat"};
}

EngineRow openai_compatible() {
  ChatServerKind kind = chat_kind("conformance/model");
  kind.needs_key = false;
  return {"openai-compatible", "conformance/model", chat_protocol(kind), ""};
}

EngineRow anthropic() {
  EngineRow row{"anthropic", "claude-conformance", anthropic_protocol(), "test-key-of-anthropic"};
  row.writes_cache = true;
  return row;
}

EngineRow gemini() {
  return {"gemini", "gemini-conformance", gemini_protocol(), "test-key-of-gemini"};
}

EngineRow codex() {
  return {"codex", "codex/gpt-5-conformance", responses_protocol(), "test-key-of-codex"};
}

EngineRow ollama() {
  EngineRow row{"ollama", "ollama/conformance:8b", ollama_protocol(), ""};
  row.reads_cache = false;
  row.has_refusals = false;
  return row;
}

}  // namespace

std::vector<EngineRow> engine_rows(const PluginHost& plugins) {
  std::vector<EngineRow> rows{anthropic(), codex(),  deepseek(),          gemini(),    minimax(),
                              ollama(),    openai(), openai_compatible(), openrouter()};
  std::size_t count = 0;
  for (const Offer& offer : plugins.offers(JARVIS_TEACHER_ENGINE_1)) {
    if (offer.provided->offline) continue;
    ++count;
    if (std::none_of(rows.begin(), rows.end(),
                     [&](const EngineRow& row) { return row.engine == offer.provided->id; }))
      throw std::logic_error("engine '" + offer.provided->id + "' has no row in this suite");
  }
  if (count != rows.size()) throw std::logic_error("a row of this suite has no engine");
  return rows;
}

PluginHost& built_in_plugin_host() {
  PluginPolicy policy;
  policy.built_in = BUILT_IN_PLUGINS;
  static PluginHost host(policy);
  return host;
}

}  // namespace jarvis::conformance
