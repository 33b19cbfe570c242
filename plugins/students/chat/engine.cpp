#include "plugins/students/chat/engine.hpp"

#include "plugins/students/chat/completions_engine.hpp"
#include "plugins/students/chat/engine_place.hpp"
#include "plugins/students/chat/ollama_engine.hpp"

namespace jarvis::chat {

std::unique_ptr<Engine> engine_for(const text::StudentHome& home, const std::string& base_url,
                                   const json::object& settings, shared::Refusals& refusals) {
  const json::object environment = sdk::optional_object(settings, "environment");
  EnginePlace place =
      engine_place(home.config, base_url, sdk::optional_string(environment, "OLLAMA_HOST"));
  if (place.protocol == EnginePlace::Protocol::completions)
    return std::make_unique<CompletionsEngine>(std::move(place), refusals);
  return std::make_unique<OllamaEngine>(
      std::move(place),
      ollama_settings(home.config, sdk::optional_string(environment, "JARVIS_NUM_CTX")), refusals);
}

}  // namespace jarvis::chat
