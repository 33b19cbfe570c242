#pragma once

#include "plugins/students/chat/server.hpp"

namespace jarvis::chat {

/** How Ollama is to run the model. */
struct OllamaSettings {
  std::int64_t num_ctx = 16384;  ///< the context, in tokens
  json::value think = false;     ///< whether the model thinks first; or how hard: "low"
};

/** engine.ollama.num_ctx, else `context_variable` (JARVIS_NUM_CTX; may be empty), else the default;
 * engine.ollama.think. Throws JARVIS_INVALID, with line and key or the variable's name. */
OllamaSettings ollama_settings(const text::TomlDocument& config,
                               const std::string& context_variable);

/** A server of Ollama, in its own protocol. */
class OllamaEngine : public Engine {
 public:
  OllamaEngine(EnginePlace place, OllamaSettings settings, shared::Refusals& refusals)
      : server_(std::move(place), "start it with 'ollama serve'", refusals),
        settings_(std::move(settings)) {}

  sdk::GenerateResult ask(ModelRequest& request, const sdk::Host& host) override;
  /** A model of the tag "latest" is listed with and without the tag. */
  sdk::ProbeResult probe(const sdk::Host& host) override;
  std::string name() const override { return server_.engine(); }

 private:
  json::object body_of(const ModelRequest& request) const;
  void require_answer(const sdk::HttpResult& answer, const std::string& model) const;

  Server server_;
  OllamaSettings settings_;
};

}  // namespace jarvis::chat
