#include "plugins/students/chat/student_tools.hpp"

#include <algorithm>

namespace jarvis::chat {

namespace {

// The manifest lists them, too.
const Tool* const kTools[] = {&kThink, &kCalculator};

const Tool* tool_named(const std::string& name) {
  const auto found = std::find_if(std::begin(kTools), std::end(kTools),
                                  [&](const Tool* tool) { return tool->name == name; });
  return found == std::end(kTools) ? nullptr : *found;
}

}  // namespace

json::object one_text(const char* name, const char* description) {
  return {{"type", "object"},
          {"properties",
           json::object{{name, json::object{{"type", "string"}, {"description", description}}}}},
          {"required", json::array{name}}};
}

StudentTools::StudentTools(const text::StudentSettings& settings,
                           const sdk::StudentRequest& request)
    : request_(request) {
  for (const std::string& name : settings.tools) {
    const Tool* tool = tool_named(name);
    const bool is_there = std::any_of(definitions_.begin(), definitions_.end(),
                                      [&](const auto& other) { return other.name == name; });
    if (!tool || is_there) continue;
    const auto own = settings.descriptions.find(name);
    definitions_.push_back({name,
                            own == settings.descriptions.end() ? tool->description : own->second,
                            tool->parameters()});
  }
}

sdk::ToolResult StudentTools::call(const sdk::ToolCall& call, const sdk::Host& host) const {
  const bool is_offered = std::any_of(definitions_.begin(), definitions_.end(),
                                      [&](const auto& tool) { return tool.name == call.name; });
  if (!is_offered) return {call.id, "error: there is no tool '" + call.name + "'", true};
  try {
    return {call.id, tool_named(call.name)->answer(call.arguments, {request_, host}), false};
  } catch (const sdk::Failure& failure) {
    if (failure.status() == JARVIS_CANCELLED || failure.status() == JARVIS_REFUSED) throw;
    return {call.id, std::string("error: ") + failure.what(), true};
  }
}

}  // namespace jarvis::chat
