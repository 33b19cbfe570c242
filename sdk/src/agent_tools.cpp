#include <algorithm>
#include <jarvis/text/agent_tools.hpp>

namespace jarvis::text {

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    const std::size_t begin = text.find_first_not_of(" \t\r\n", at);
    if (begin < comma)
      names.push_back(text.substr(begin, text.find_last_not_of(" \t\r\n", comma - 1) + 1 - begin));
    at = comma + 1;
  }
  return names;
}

[[noreturn]] void refuse(const TomlDocument& config, const TomlPath& path) {
  throw sdk::refused("'" + dotted(path) + "' at " + config.name() + ":" +
                         std::to_string(config.line_of(path).value_or(1)) +
                         " is not a list of tool names",
                     "write it as an array of strings");
}

/** The tools that the setting at `path` names; without a path when there is no such setting. */
AgentTools tools_at(const TomlDocument& config, const TomlPath& path) {
  const json::value* value = config.find(path);
  if (!value) return {};
  if (value->is_string()) return {split(std::string(value->get_string())), path, true, false};
  if (!value->is_array()) refuse(config, path);
  AgentTools tools{{}, path, false, false};
  for (const json::value& item : value->get_array()) {
    if (!item.is_string()) refuse(config, path);
    tools.names.emplace_back(item.get_string());
  }
  return tools;
}

}  // namespace

AgentTools tools_of_agent(const TomlDocument& config, const std::string& agent) {
  AgentTools tools = tools_at(config, {"agent", agent, "tools"});
  tools.own = !tools.path.empty();
  if (tools.own) return tools;
  tools = tools_at(config, {"tools", "enabled"});
  if (!tools.names.empty()) return tools;
  AgentTools fallback = tools_at(config, {"agent", "tools"});
  return fallback.path.empty() ? tools : fallback;
}

std::string with_name(const std::string& text, const std::string& name) {
  if (split(text).empty()) return name;
  const bool open = text.find_last_not_of(" \t") != std::string::npos &&
                    text[text.find_last_not_of(" \t")] == ',';
  if (open) return text + name;
  return text + (text.find(", ") == std::string::npos ? "," : ", ") + name;
}

}  // namespace jarvis::text
