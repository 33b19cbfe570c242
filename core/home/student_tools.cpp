#include "core/home/student_tools.hpp"

#include <jarvis/text/toml_document.hpp>
#include <jarvis/text/tool_list.hpp>
#include <map>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

Result<text::TomlDocument> document_of(const HomeView& home, const std::string& file) try {
  const auto content = home.read(file);
  if (!content && content.error().kind != ErrorKind::not_found) return content.error();
  return text::TomlDocument::parse(content ? *content : "", file);
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), "mend " + file};
}

/** The names of the agents that config.toml has a table for, and the default agent's. */
std::vector<std::string> agents_in(const text::TomlDocument& config) {
  std::vector<std::string> agents{"simple"};
  for (const auto& [name, table] : sdk::optional_object(config.values(), "agent"))
    if (table.is_object()) agents.emplace_back(name);
  return agents;
}

}  // namespace

Result<std::vector<sdk::ToolDefinition>> student_tools(
    const HomeView& home, const std::vector<std::string>& offered_by_runner) try {
  std::map<std::string, std::string> tools;
  for (const std::string& name : offered_by_runner) tools.try_emplace(name);
  const auto config = document_of(home, "config.toml");
  if (!config) return config.error();
  for (const std::string& agent : agents_in(*config))
    for (const std::string& name : text::tools_of_agent(*config, agent).names)
      tools.try_emplace(name);
  const auto descriptions = document_of(home, "tools/descriptions.toml");
  if (!descriptions) return descriptions.error();
  for (const auto& [name, table] : descriptions->values())
    if (table.is_object())
      tools[std::string(name)] = sdk::optional_string(table.as_object(), "description");
  std::vector<sdk::ToolDefinition> definitions;
  for (const auto& [name, description] : tools) definitions.push_back({name, description, {}});
  return definitions;
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), failure.hint()};
}

}  // namespace jarvis
