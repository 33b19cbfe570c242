#include "plugins/students/chat/student_tools.hpp"

#include <algorithm>

namespace jarvis::chat {

namespace {

// The manifest lists them, too.
const Tool* const kTools[] = {&kThink, &kCalculator, &kDatetime, &kFileRead, &kMemorySearch};

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

StudentTools::StudentTools(const text::StudentSettings& settings, Served served,
                           const sdk::StudentRequest& request, const sdk::Host& host)
    : request_(request), host_(host), served_(request, host) {
  for (const std::string& name : settings.tools) {
    if (const Tool* tool = tool_named(name))
      offer({name, tool->description, tool->parameters()}, settings);
    else if (const ServedTool* other = served_.find(name))
      offer(other->definition, settings);
  }
  if (served == Served::all)
    for (const ServedTool& tool : served_.all()) offer(tool.definition, settings);
}

bool StudentTools::has_own(const std::string& name) {
  return tool_named(name) != nullptr;
}

void StudentTools::offer(sdk::ToolDefinition tool, const text::StudentSettings& settings) {
  if (is_offered(tool.name)) return;
  const auto own = settings.descriptions.find(tool.name);
  if (own != settings.descriptions.end()) tool.description = own->second;
  definitions_.push_back(std::move(tool));
}

bool StudentTools::is_offered(const std::string& name) const {
  return std::any_of(definitions_.begin(), definitions_.end(),
                     [&](const auto& tool) { return tool.name == name; });
}

std::string StudentTools::answer(const sdk::ToolCall& call) {
  if (const Tool* tool = tool_named(call.name))
    return tool->answer(call.arguments, {request_, host_});
  return served_.call(*served_.find(call.name), call.arguments);
}

bool StudentTools::ends_conversation(const sdk::Failure& failure) const {
  if (failure.status() == JARVIS_CANCELLED || failure.status() == JARVIS_REFUSED) return true;
  return failure.status() != JARVIS_INVALID && served_.is_measured();
}

sdk::ToolResult StudentTools::call(const sdk::ToolCall& call) {
  if (!is_offered(call.name)) return {call.id, "error: there is no tool '" + call.name + "'", true};
  try {
    return {call.id, answer(call), false};
  } catch (const sdk::Failure& failure) {
    if (ends_conversation(failure)) throw;
    return {call.id, std::string("error: ") + failure.what(), true};
  }
}

}  // namespace jarvis::chat
