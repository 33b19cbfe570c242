#pragma once

#include "plugins/students/chat/server.hpp"

namespace jarvis::chat {

/** A server of the chat-completions protocol: vLLM, llama.cpp, LM Studio, SGLang, MLX. */
class CompletionsEngine : public Engine {
 public:
  CompletionsEngine(EnginePlace place, shared::Refusals& refusals)
      : server_(std::move(place), "start it", refusals) {}

  sdk::GenerateResult ask(ModelRequest& request, const sdk::Host& host) override;
  sdk::ProbeResult probe(const sdk::Host& host) override;
  std::string name() const override { return server_.engine(); }

 private:
  Server server_;
};

}  // namespace jarvis::chat
