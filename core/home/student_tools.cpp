#include "core/home/student_tools.hpp"

#include "core/model/json.hpp"

#include <jarvis/text/toml_document.hpp>

#include <map>

namespace jarvis {

namespace {

Result<text::TomlDocument> document_of(const HomeView& home, const std::string& file) try {
  const auto content = home.read(file);
  if (!content && content.error().kind != ErrorKind::not_found) return content.error();
  return text::TomlDocument::parse(content ? *content : "", file);
} catch (const sdk::Failure& failure) {
  return Error{ErrorKind::configuration, failure.what(), "mend " + file};
}

/** Adds the names in a tool list, which may be an array or text with commas. */
void add_names(const json::value* list, std::map<std::string, std::string>& tools) {
  if (!list) return;
  if (list->is_array())
    for (const std::string& name : sdk::strings_of(list->as_array())) tools.try_emplace(name);
  if (!list->is_string()) return;
  std::string name;
  for (const char c : std::string(list->as_string()) + ",") {
    if (c != ',' && c != ' ') {
      name += c;
    } else if (!name.empty()) {
      tools.try_emplace(name);
      name.clear();
    }
  }
}

}  // namespace

Result<std::vector<sdk::ToolDefinition>> student_tools(const HomeView& home,
                                                       const std::vector<std::string>& offered_by_runner) {
  std::map<std::string, std::string> tools;
  for (const std::string& name : offered_by_runner) tools.try_emplace(name);
  const auto config = document_of(home, "config.toml");
  if (!config) return config.error();
  add_names(config->find({"tools", "enabled"}), tools);
  add_names(config->find({"agent", "tools"}), tools);
  for (const auto& [name, table] : sdk::optional_object(config->values(), "agent"))
    if (table.is_object()) add_names(table.as_object().if_contains("tools"), tools);
  const auto descriptions = document_of(home, "tools/descriptions.toml");
  if (!descriptions) return descriptions.error();
  for (const auto& [name, table] : descriptions->values())
    if (table.is_object())
      tools[std::string(name)] = sdk::optional_string(table.as_object(), "description");
  std::vector<sdk::ToolDefinition> definitions;
  for (const auto& [name, description] : tools) definitions.push_back({name, description, {}});
  return definitions;
}

}  // namespace jarvis
