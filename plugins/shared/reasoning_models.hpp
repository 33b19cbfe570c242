#pragma once

#include <string>
#include <string_view>

namespace jarvis::shared {

/** OpenAI's models that reason before they answer: they refuse a temperature. */
inline bool is_reasoning_model(std::string_view model) {
  for (const std::string_view family : {"o1", "o3", "o4", "gpt-5", "codex"})
    if (model.substr(0, family.size()) == family) return true;
  return false;
}

}  // namespace jarvis::shared
