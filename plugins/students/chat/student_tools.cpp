#include "plugins/students/chat/student_tools.hpp"

#include <algorithm>
#include <cstdio>

#include "plugins/shared/arithmetic.hpp"

namespace jarvis::chat {

namespace {

namespace json = boost::json;

struct KnownTool {
  const char* name;
  const char* description;
  const char* argument;
  const char* argument_description;
};

constexpr KnownTool kTools[] = {
    {"think", "Write down a thought before answering. Nobody else sees it.", "thought",
     "What to think about"},
    {"calculator",
     "Evaluate an arithmetic expression: numbers, + - * / ^ and parentheses, without thousands "
     "separators.",
     "expression", "The expression, for example (3 + 4.5) * 2"},
};

using Descriptions = std::map<std::string, std::string>;

sdk::ToolDefinition definition_of(const KnownTool& tool, const Descriptions& descriptions) {
  const auto own = descriptions.find(tool.name);
  return {
      tool.name, own == descriptions.end() ? tool.description : own->second,
      json::object{
          {"type", "object"},
          {"properties",
           json::object{{tool.argument, json::object{{"type", "string"},
                                                     {"description", tool.argument_description}}}}},
          {"required", json::array{tool.argument}}}};
}

std::string shown(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

sdk::ToolResult calculated(const sdk::ToolCall& call) {
  const std::string expression = sdk::optional_string(call.arguments, "expression");
  const auto value = shared::evaluate(expression);
  if (value) return {call.id, shown(*value), false};
  return {call.id,
          "error: '" + expression + "' is not an arithmetic expression with a finite result", true};
}

}  // namespace

std::vector<sdk::ToolDefinition> offered_tools(const std::vector<std::string>& names,
                                               const Descriptions& descriptions) {
  std::vector<sdk::ToolDefinition> tools;
  for (const std::string& name : names) {
    const auto is_it = [&](const auto& tool) { return tool.name == name; };
    const auto known = std::find_if(std::begin(kTools), std::end(kTools), is_it);
    if (known == std::end(kTools) || std::any_of(tools.begin(), tools.end(), is_it)) continue;
    tools.push_back(definition_of(*known, descriptions));
  }
  return tools;
}

sdk::ToolResult call_tool(const sdk::ToolCall& call,
                          const std::vector<sdk::ToolDefinition>& offered) {
  const bool is_offered = std::any_of(offered.begin(), offered.end(),
                                      [&](const auto& tool) { return tool.name == call.name; });
  if (!is_offered) return {call.id, "error: there is no tool '" + call.name + "'", true};
  if (call.name == "calculator") return calculated(call);
  return {call.id, "noted", false};
}

}  // namespace jarvis::chat
