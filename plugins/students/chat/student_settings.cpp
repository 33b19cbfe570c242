#include "plugins/students/chat/student_settings.hpp"

#include <cmath>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/toml_document.hpp>

namespace jarvis::chat {

namespace {

using text::TomlPath;

const json::value* find(const json::object& root, const TomlPath& path) {
  const json::object* table = &root;
  const json::value* value = nullptr;
  for (const std::string& key : path) {
    if (!table) return nullptr;
    value = table->if_contains(key);
    if (!value) return nullptr;
    table = value->if_object();
  }
  return value;
}

[[noreturn]] void wrong_type(const TomlPath& path, const std::string& wanted) {
  throw sdk::invalid("config.toml: '" + text::dotted(path) + "' is not " + wanted);
}

/** The string at `path`; empty when there is none. */
std::string string_at(const json::object& root, const TomlPath& path) {
  const json::value* value = find(root, path);
  if (!value) return {};
  if (!value->is_string()) wrong_type(path, "a string");
  return std::string(value->as_string());
}

/** Finds parameters in the tables of one agent and model, nearest first. */
class Parameters {
 public:
  Parameters(const json::object& config, const std::string& agent, const std::string& model)
      : config_(config),
        tables_{{"agent", agent}, {"models", model}, {"agent"}, {"intelligence"}} {}

  std::optional<double> number(const std::string& name) const {
    for (TomlPath path : tables_) {
      path.push_back(name);
      const json::value* value = find(config_, path);
      // [agent] holds the agents' own tables too, and one may bear this name.
      if (!value || value->is_object()) continue;
      if (!value->is_number() || !std::isfinite(value->to_number<double>()))
        wrong_type(path, "a number");
      return value->to_number<double>();
    }
    return std::nullopt;
  }

  std::int64_t count(const std::string& name, std::int64_t fallback, std::int64_t most) const {
    const auto value = number(name);
    if (!value) return fallback;
    if (*value < 1 || *value > static_cast<double>(most) || *value != std::floor(*value))
      throw sdk::invalid("config.toml: '" + name + "' is not a whole number from 1 to " +
                         std::to_string(most));
    return static_cast<std::int64_t>(*value);
  }

 private:
  const json::object& config_;
  const std::vector<TomlPath> tables_;
};

std::vector<std::string> split_at_commas(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    std::string name = list.substr(begin, end - begin);
    name.erase(0, name.find_first_not_of(" \t"));
    name.erase(name.find_last_not_of(" \t") + 1);
    if (!name.empty()) names.push_back(std::move(name));
    begin = end + 1;
  }
  return names;
}

/** Nothing when the key is absent or the empty string, which is how OpenJarvis writes "not set". */
std::optional<std::vector<std::string>> names_at(const json::object& config, const TomlPath& path) {
  const json::value* value = find(config, path);
  if (!value || value->is_object()) return std::nullopt;
  if (value->is_array()) return sdk::strings_of(value->as_array());
  if (!value->is_string()) wrong_type(path, "a list of names");
  if (value->as_string().empty()) return std::nullopt;
  return split_at_commas(std::string(value->as_string()));
}

std::vector<std::string> tools_of(const json::object& config, const std::string& agent) {
  for (const TomlPath& path : {TomlPath{"agent", agent, "tools"}, TomlPath{"agent", "tools"},
                               TomlPath{"tools", "enabled"}})
    if (auto names = names_at(config, path)) return *names;
  return {};
}

std::string agent_of(const json::object& config, const std::string& requested) {
  std::string agent = requested;
  if (agent.empty()) agent = string_at(config, {"agent", "default_agent"});
  if (agent.empty()) agent = "simple";
  // No section and no folder bears the empty name, so that the defaults hold.
  return text::is_valid_name(agent) ? agent : "";
}

std::string model_of(const json::object& config, const std::string& query_class) {
  std::string model = string_at(config, {"learning", "routing", "policy_map", query_class});
  if (model.empty()) model = string_at(config, {"intelligence", "default_model"});
  if (model.empty())
    throw sdk::invalid("config.toml names no model for the student",
                       "set intelligence.default_model");
  return model;
}

struct Engine {
  const char* name;
  const char* url;
};

constexpr Engine kEngines[] = {
    {"ollama", "http://localhost:11434"},   {"vllm", "http://localhost:8000"},
    {"uzu", "http://localhost:8000"},       {"sglang", "http://localhost:30000"},
    {"llamacpp", "http://localhost:8080"},  {"mlx", "http://localhost:8080"},
    {"lmstudio", "http://localhost:1234"},  {"exo", "http://localhost:52415"},
    {"nexa", "http://localhost:18181"},     {"apple_fm", "http://localhost:8079"},
    {"lemonade", "http://localhost:13305"},
};

}  // namespace

StudentSettings settings_for(const StudentHome& home, const std::string& query_class,
                             const std::string& requested_agent) {
  const json::object& config = home.config;
  StudentSettings settings;
  const std::string agent = agent_of(config, requested_agent);
  settings.model = model_of(config, query_class);
  const Parameters parameters(config, agent, settings.model);
  settings.temperature = parameters.number("temperature").value_or(settings.temperature);
  settings.top_p = parameters.number("top_p");
  settings.max_tokens = parameters.count("max_tokens", settings.max_tokens, 1'000'000);
  settings.max_turns = parameters.count("max_turns", settings.max_turns, 100);
  settings.tools = tools_of(config, agent);
  settings.system_prompt = string_at(config, {"agent", "default_system_prompt"});
  if (const auto files = home.agents.find(agent); files != home.agents.end()) {
    if (files->second.system_prompt) settings.system_prompt = *files->second.system_prompt;
    settings.exemplars = files->second.exemplars;
  }
  return settings;
}

std::string engine_url(const StudentHome& home) {
  std::string name = string_at(home.config, {"intelligence", "preferred_engine"});
  if (name.empty()) name = string_at(home.config, {"engine", "default"});
  if (name.empty()) name = kEngines[0].name;
  for (const TomlPath& path :
       {TomlPath{"engine", name, "host"}, TomlPath{"engine", name + "_host"}})
    if (const std::string host = string_at(home.config, path); !host.empty())
      return host.find("://") == std::string::npos ? "http://" + host : host;
  for (const Engine& engine : kEngines)
    if (name == engine.name) return engine.url;
  throw sdk::unavailable("nobody knows where the student's engine '" + name + "' listens",
                         "set learning.distillation.student.base_url");
}

}  // namespace jarvis::chat
