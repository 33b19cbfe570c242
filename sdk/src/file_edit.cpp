#include <algorithm>
#include <array>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <string_view>

namespace jarvis::text {

namespace {

constexpr std::size_t kLongestModel = 200;

// Settings that OpenJarvis reads from [agent] itself.
constexpr std::array<std::string_view, 14> kAgentSettings{"class",
                                                          "context_from_memory",
                                                          "default_agent",
                                                          "default_system_prompt",
                                                          "max_tokens",
                                                          "max_turns",
                                                          "objective",
                                                          "system_prompt",
                                                          "system_prompt_path",
                                                          "temperature",
                                                          "tools",
                                                          "top_k",
                                                          "top_p",
                                                          "context_injection"};

bool is_model_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._:/@+-").find(c) != std::string_view::npos;
}

}  // namespace

TomlDocument read_staged_config(const std::string& home) {
  std::optional<std::string> text = read_staged_file(home, "config.toml");
  if (!text)
    throw sdk::refused("'config.toml' is missing in the home",
                       "make one first; an empty file is enough");
  return TomlDocument::parse(std::move(*text), "config.toml");
}

TomlPath agent_table(const std::string& agent) {
  if (std::find(kAgentSettings.begin(), kAgentSettings.end(), agent) != kAgentSettings.end())
    throw sdk::refused("agent '" + agent + "' has the name of a setting in [agent]",
                       "an agent of that name can have no settings of its own");
  return {"agent", agent};
}

std::string require_model(const json::object& payload, std::string_view field) {
  std::string model = require_text(payload, field);
  const bool good = !model.empty() && model.size() <= kLongestModel &&
                    std::all_of(model.begin(), model.end(), is_model_character);
  if (!good)
    throw sdk::invalid("field 'payload." + std::string(field) + "' is not the name of a model",
                       "use 1 to 200 letters, digits and . _ : / @ + -");
  return model;
}

}  // namespace jarvis::text
