#include <algorithm>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/student_settings.hpp>
#include <sstream>
#include <string_view>

namespace jarvis::text {

namespace {

constexpr std::size_t kLongestModel = 200;

bool is_model_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._:/@+-").find(c) != std::string_view::npos;
}

/** Boost.JSON writes 0.2 as 2E-1, which nobody reads with pleasure. */
std::string plain(const json::value& number) {
  if (!number.is_double()) return json::serialize(number);
  std::ostringstream text;
  text << number.as_double();
  return text.str();
}

}  // namespace

TomlDocument read_staged_config(const std::string& home) {
  std::optional<std::string> text = read_staged_file(home, kConfigFile);
  if (!text)
    throw sdk::refused("'config.toml' is missing in the home",
                       "make one first; an empty file is enough");
  return TomlDocument::parse(std::move(*text), kConfigFile);
}

FileEdit set_number(TomlDocument& config, const TomlPath& place, const json::value& number) {
  const std::string written = dotted(place) + " = " + plain(number);
  const json::value* present = config.find(place);
  if (present && present->is_number() && present->to_number<double>() == number.to_number<double>())
    throw sdk::refused("no change: " + written + " stands in config.toml already");
  config.set(place, number);
  return {kConfigFile, config.text(), written};
}

AgentPrompt staged_prompt(const std::string& home, const std::string& agent) {
  return agent_prompt(agent, [&](const std::string& file) { return read_staged_file(home, file); });
}

FileEdit prompt_edit(const std::string& home, const AgentPrompt& present, const std::string& prompt,
                     std::string summary) {
  const PromptPlace& place = present.place;
  if (place.key.empty()) return {place.file, prompt, std::move(summary)};
  TomlDocument config = read_staged_config(home);
  config.set(place.key, json::string(prompt));
  return {kConfigFile, config.text(), summary + ", and so do all that share " + shown(place)};
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
