#include <algorithm>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/tool_list.hpp>

namespace jarvis::text {

namespace {

constexpr const char* kBlanks = " \t\r\n";

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    parts.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return parts;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
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
  AgentTools tools{{}, path, value->is_string(), false};
  if (value->is_string()) {
    for (const std::string& part : split(std::string(value->get_string())))
      if (std::string name = trimmed(part); !name.empty()) tools.names.push_back(std::move(name));
    return tools;
  }
  if (!value->is_array()) refuse(config, path);
  for (const json::value& item : value->get_array()) {
    if (!item.is_string()) refuse(config, path);
    tools.names.emplace_back(item.get_string());
  }
  return tools;
}

/** The comma string `text` with one more name, its style of commas kept. */
std::string with_name(const std::string& text, const std::string& name) {
  if (trimmed(text).empty()) return name;
  if (trimmed(text).back() == ',') return text + name;
  return text + (text.find(", ") == std::string::npos ? "," : ", ") + name;
}

/** The comma string `text` without a name; the other parts keep their blanks. */
std::string without_name(const std::string& text, const std::string& name) {
  std::string kept;
  bool first = true;
  for (const std::string& part : split(text)) {
    if (trimmed(part) == name) continue;
    kept +=
        first ? part.substr(std::min(part.find_first_not_of(kBlanks), part.size())) : "," + part;
    first = false;
  }
  return kept;
}

json::array array_of(const std::vector<std::string>& names) {
  json::array array;
  for (const std::string& name : names) array.emplace_back(name);
  return array;
}

std::string text_at(const TomlDocument& config, const TomlPath& path) {
  return std::string(config.find(path)->as_string());
}

}  // namespace

bool AgentTools::has(const std::string& name) const {
  return std::find(names.begin(), names.end(), name) != names.end();
}

AgentTools tools_of_agent(const TomlDocument& config, const std::string& agent) {
  const Dialect dialect = dialect_of(config);
  const Setting setting = agent_tools_setting(agent, dialect);
  AgentTools tools = tools_at(config, setting.place);
  // OpenJarvis passes over an empty list.
  tools.own = dialect == Dialect::openjarvis ? !tools.names.empty() : !tools.path.empty();
  if (tools.own) return tools;
  for (const TomlPath& path : setting.fallbacks) {
    AgentTools found = tools_at(config, path);
    if (!found.names.empty()) return found;
    if (!found.path.empty()) tools = std::move(found);
  }
  return tools;
}

void require_agent_with_tools(const TomlDocument& config, const std::string& agent) {
  require_changeable_agent(config, agent);
  if (dialect_of(config) == Dialect::openjarvis) require_tool_agent(config, agent);
}

void add_tool(TomlDocument& config, const std::string& agent, const AgentTools& tools,
              const std::string& tool) {
  const TomlPath place = agent_tools_setting(agent, dialect_of(config)).place;
  if (tools.as_text) {
    config.set(place, json::string(with_name(text_at(config, tools.path), tool)));
  } else if (tools.own) {
    config.append(place, json::string(tool));
  } else {
    json::array names = array_of(tools.names);
    names.emplace_back(tool);
    config.set(place, names);
  }
}

void remove_tool(TomlDocument& config, const std::string& agent, const AgentTools& tools,
                 const std::string& tool) {
  const Dialect dialect = dialect_of(config);
  const Setting setting = agent_tools_setting(agent, dialect);
  const TomlPath& place = setting.place;
  std::vector<std::string> left = tools.names;
  left.erase(std::remove(left.begin(), left.end(), tool), left.end());
  if (dialect == Dialect::openjarvis && left.empty())
    for (const TomlPath& path : setting.fallbacks)
      if (!tools_at(config, path).names.empty())
        throw sdk::refused("'" + tool + "' is the last tool in '" + dotted(place) +
                               "': without it OpenJarvis would take those of '" + dotted(path) +
                               "'",
                           "empty '" + dotted(path) + "' first");
  if (tools.own && !tools.as_text) {
    for (std::size_t count = tools.names.size() - left.size(); count > 0; --count)
      config.remove_item(place, json::string(tool));
  } else if (tools.as_text && !left.empty()) {
    config.set(place, json::string(without_name(text_at(config, tools.path), tool)));
  } else {
    // An empty string would read as "not set" to OpenJarvis.
    config.set(place, array_of(left));
  }
}

}  // namespace jarvis::text
