#include "plugins/rehearsal/home_settings.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/toml_document.hpp>
#include <optional>

namespace jarvis::rehearsal {

namespace json = boost::json;

namespace {

namespace fs = std::filesystem;
using text::TomlDocument;
using text::TomlPath;

/** A file's bytes; nothing when it does not exist. */
std::optional<std::string> bytes_of(const fs::path& path) {
  if (!fs::exists(path)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) throw sdk::unavailable("cannot read '" + path.string() + "'");
  return bytes;
}

TomlDocument document(const fs::path& home, const std::string& relative) {
  return TomlDocument::parse(bytes_of(home / relative).value_or(std::string()), relative);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

[[noreturn]] void wrong_type(const TomlDocument& config, const TomlPath& path, const char* wanted) {
  const auto line = config.line_of(path);
  throw sdk::invalid(config.name() + (line ? ":" + std::to_string(*line) : std::string()) + ": '" +
                     text::dotted(path) + "' is not " + wanted);
}

std::optional<std::string> text_at(const TomlDocument& config, const TomlPath& path) {
  const json::value* value = config.find(path);
  if (!value) return std::nullopt;
  if (!value->is_string()) wrong_type(config, path, "a string");
  return std::string(value->as_string());
}

/** The number at the first of `paths` that is set. */
double number_at(const TomlDocument& config, const std::vector<TomlPath>& paths, double fallback) {
  for (const TomlPath& path : paths) {
    const json::value* value = config.find(path);
    if (!value) continue;
    if (!value->is_number()) wrong_type(config, path, "a number");
    return value->to_number<double>();
  }
  return fallback;
}

/** Tool names as an array or as one text with commas, at the first of `paths` that is set. */
std::vector<std::string> tools_at(const TomlDocument& config, const std::vector<TomlPath>& paths) {
  for (const TomlPath& path : paths) {
    const json::value* value = config.find(path);
    if (!value) continue;
    if (value->is_array()) return sdk::strings_of(value->as_array());
    if (!value->is_string()) wrong_type(config, path, "a list of tool names");
    std::vector<std::string> names(1);
    for (const char c : std::string_view(value->as_string())) {
      if (c == ',')
        names.emplace_back();
      else if (c != ' ')
        names.back() += c;
    }
    return names;
  }
  return {};
}

std::string model_for(const TomlDocument& config, const std::string& query_class) {
  if (!query_class.empty())
    if (auto model = text_at(config, {"learning", "routing", "policy_map", query_class}))
      return *model;
  return text_at(config, {"intelligence", "default_model"}).value_or(kSmallModel);
}

/** Whether the student can tell from the description when to use the calculator. */
bool is_understood(const fs::path& home) {
  const TomlDocument descriptions = document(home, "tools/descriptions.toml");
  const auto text = text_at(descriptions, {"calculator", "description"});
  if (!text) return true;
  const std::string words = lower(*text);
  return words.find("arithmetic") != std::string::npos ||
         words.find("calculat") != std::string::npos || words.find("number") != std::string::npos;
}

/** True when the exemplars show their steps, not answers alone. */
bool has_worked_examples(const fs::path& home, const std::string& agent) {
  const std::string relative = "agents/" + agent + "/few_shot.json";
  const auto bytes = bytes_of(home / relative);
  if (!bytes) return false;
  boost::system::error_code error;
  const json::value value = json::parse(*bytes, error);
  if (error || !value.is_array()) throw sdk::invalid(relative + " is not a JSON array");
  for (const json::value& item : value.as_array()) {
    if (!item.is_object()) throw sdk::invalid(relative + ": an exemplar is not an object");
    sdk::required_string(item.as_object(), "input");
    if (sdk::required_string(item.as_object(), "output").find('\n') != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace

HomeSettings read_settings(const sdk::StudentRequest& request) {
  const fs::path home = request.home;
  const TomlDocument config = document(home, "config.toml");
  HomeSettings settings;
  settings.agent = !request.agent.empty()
                       ? request.agent
                       : text_at(config, {"agent", "default_agent"}).value_or("simple");
  if (!text::is_valid_name(settings.agent))
    throw sdk::invalid("agent name '" + settings.agent + "' is not valid");
  settings.model = model_for(config, request.query_class);
  if (settings.model != kSmallModel && settings.model != kLargeModel)
    throw sdk::unavailable("the rehearsal student has no model '" + settings.model + "'",
                           "use rehearsal-small or rehearsal-large");
  const auto paths = [&](const char* key) {
    return std::vector<TomlPath>{{"agent", settings.agent, key},
                                 {"agent", key},
                                 {"models", settings.model, key},
                                 {"intelligence", key}};
  };
  settings.max_turns = static_cast<long>(number_at(config, paths("max_turns"), 10));
  const auto tools = tools_at(
      config, {{"agent", settings.agent, "tools"}, {"tools", "enabled"}, {"agent", "tools"}});
  settings.offers_calculator =
      std::find(tools.begin(), tools.end(), "calculator") != tools.end() && is_understood(home);
  settings.prompt = bytes_of(home / "agents" / settings.agent / "system_prompt.md").value_or("");
  settings.skill.large = settings.model == kLargeModel;
  settings.skill.temperature = number_at(config, paths("temperature"), 0.7);
  settings.skill.max_tokens = static_cast<long>(number_at(config, paths("max_tokens"), 1024));
  settings.skill.step_by_step = lower(settings.prompt).find("step by step") != std::string::npos;
  settings.skill.worked_examples = has_worked_examples(home, settings.agent);
  settings.skill.calculator = settings.offers_calculator && settings.max_turns >= 2;
  return settings;
}

}  // namespace jarvis::rehearsal
