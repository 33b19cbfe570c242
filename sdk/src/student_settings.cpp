#include <algorithm>
#include <array>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/student_settings.hpp>

namespace jarvis::text {

namespace {

// Settings that [agent] itself has, here or in OpenJarvis.
constexpr std::array<std::string_view, 14> kAgentSettings{"class",
                                                          "context_from_memory",
                                                          "context_injection",
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
                                                          "top_p"};

bool is_agent_table(const TomlPath& path, const json::value& value) {
  return path.size() == 2 && path[0] == "agent" && value.is_object();
}

bool is_unset(const TomlPath& path, const json::value& value) {
  return (value.is_string() && value.get_string().empty()) || is_agent_table(path, value);
}

const AgentClass* class_named(std::string_view name) {
  // OpenJarvis knows native_react by this name, too.
  if (name == "react") name = "native_react";
  for (const AgentClass& known : agent_classes())
    if (known.name == name) return &known;
  return nullptr;
}

}  // namespace

std::string prompt_file(const std::string& agent) {
  return "agents/" + agent + "/system_prompt.md";
}

std::string exemplars_file(const std::string& agent) {
  return "agents/" + agent + "/few_shot.json";
}

Dialect dialect_of(const TomlDocument& config) {
  const Setting setting{{"learning", "distillation", "student", "dialect"}, {}};
  const std::string name = text_of(config, setting);
  if (name.empty() || name == "jarvis") return Dialect::jarvis;
  if (name == "openjarvis") return Dialect::openjarvis;
  throw sdk::invalid(key_place(config, setting.place) + " is '" + name + "', which is no dialect",
                     "use jarvis or openjarvis");
}

Setting model_setting(const std::string& query_class, Dialect dialect) {
  const TomlPath shared{"intelligence", "default_model"};
  if (dialect == Dialect::jarvis)
    return {{"learning", "routing", "policy_map", query_class}, {shared}};
  // One model answers all queries, so that those of no class of their own stand for all.
  if (query_class == "general") return {shared, {}};
  return {{}, {shared}};
}

Setting model_parameter_setting(const std::string& model, const std::string& parameter,
                                Dialect dialect) {
  if (dialect == Dialect::jarvis)
    return {{"models", model, parameter}, {{"agent", parameter}, {"intelligence", parameter}}};
  if (parameter == "max_turns") return {{"agent", parameter}, {}};
  if (parameter == "temperature" || parameter == "max_tokens")
    return {{"intelligence", parameter}, {{"agent", parameter}}};
  return {};
}

Setting agent_parameter_setting(const std::string& agent, const std::string& model,
                                const std::string& parameter, Dialect dialect) {
  Setting shared = model_parameter_setting(model, parameter, dialect);
  if (dialect == Dialect::openjarvis) return shared;
  Setting setting{{"agent", agent, parameter}, {shared.place}};
  setting.fallbacks.insert(setting.fallbacks.end(), shared.fallbacks.begin(),
                           shared.fallbacks.end());
  return setting;
}

Setting agent_class_setting(const std::string& agent, Dialect dialect) {
  if (dialect == Dialect::openjarvis) return {};
  return {{"agent", agent, "class"}, {{"agent", "class"}}};
}

Setting agent_tools_setting(const std::string& agent, Dialect dialect) {
  const TomlPath enabled{"tools", "enabled"}, shared{"agent", "tools"};
  if (dialect == Dialect::openjarvis) return {enabled, {shared}};
  return {{"agent", agent, "tools"}, {enabled, shared}};
}

std::optional<PromptPlace> prompt_place(const std::string& agent, Dialect dialect) {
  if (dialect == Dialect::jarvis) return PromptPlace{prompt_file(agent), {}};
  const OpenJarvisAgent* known = openjarvis_agent(agent);
  if (!known) return std::nullopt;
  if (known->reads_files) return PromptPlace{prompt_file(std::string(known->name)), {}};
  if (known->reads_default_prompt) return PromptPlace{{}, default_prompt_setting().place};
  return std::nullopt;
}

std::string shown(const PromptPlace& place) {
  return "'" + (place.key.empty() ? place.file : dotted(place.key)) + "'";
}

bool reads_exemplars(const std::string& agent, Dialect dialect) {
  const OpenJarvisAgent* known = openjarvis_agent(agent);
  return dialect == Dialect::jarvis || (known && known->reads_files);
}

Setting default_agent_setting() {
  return {{"agent", "default_agent"}, {}};
}

Setting default_prompt_setting() {
  return {{"agent", "default_system_prompt"}, {}};
}

Setting engine_setting() {
  return {{"intelligence", "preferred_engine"}, {{"engine", "default"}}};
}

Setting engine_host_setting(const std::string& engine) {
  return {{"engine", engine, "host"}, {{"engine", engine + "_host"}}};
}

TomlPath tool_description_place(const std::string& tool) {
  return {tool, "description"};
}

void require_own_table(const std::string& agent) {
  if (std::find(kAgentSettings.begin(), kAgentSettings.end(), agent) != kAgentSettings.end())
    throw sdk::refused("agent '" + agent + "' has the name of a setting in [agent]",
                       "an agent of that name can have no settings of its own");
}

void require_changeable_agent(const TomlDocument& config, const std::string& agent) {
  if (dialect_of(config) == Dialect::jarvis)
    require_own_table(agent);
  else
    require_answering_agent(config, agent);
}

std::string key_place(const TomlDocument& config, const TomlPath& path) {
  const std::optional<int> line = config.line_of(path);
  return config.name() + (line ? ":" + std::to_string(*line) : "") + ": '" + dotted(path) + "'";
}

std::optional<SetValue> value_of(const TomlDocument& config, const Setting& setting) {
  std::vector<TomlPath> paths{setting.place};
  paths.insert(paths.end(), setting.fallbacks.begin(), setting.fallbacks.end());
  for (TomlPath& path : paths) {
    const json::value* value = path.empty() ? nullptr : config.find(path);
    if (value && !is_unset(path, *value)) return SetValue{std::move(path), value};
  }
  return std::nullopt;
}

std::string text_of(const TomlDocument& config, const Setting& setting) {
  const auto found = value_of(config, setting);
  if (!found) return {};
  if (!found->value->is_string())
    throw sdk::invalid(key_place(config, found->path) + " is not a string");
  return std::string(found->value->get_string());
}

const std::vector<AgentClass>& agent_classes() {
  static const std::vector<AgentClass> classes{
      {"simple", false}, {"orchestrator", false}, {"native_react", true}};
  return classes;
}

std::string agent_class_names() {
  std::string names;
  for (const AgentClass& known : agent_classes())
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  return names;
}

const AgentClass& agent_class_of(const TomlDocument& config, const std::string& agent) {
  const Dialect dialect = dialect_of(config);
  const Setting setting = agent_class_setting(agent, dialect);
  const std::string name = text_of(config, setting);
  if (name.empty()) {
    if (const AgentClass* own = class_named(agent)) return *own;
    const OpenJarvisAgent* known = openjarvis_agent(agent);
    const bool takes_tools = dialect == Dialect::openjarvis && known && known->takes_tools;
    return *class_named(takes_tools ? "orchestrator" : "simple");
  }
  if (const AgentClass* known = class_named(name)) return *known;
  throw sdk::invalid(key_place(config, value_of(config, setting)->path) + " is '" + name +
                         "', which is no class of agents that a runner knows",
                     "use one of " + agent_class_names());
}

}  // namespace jarvis::text
