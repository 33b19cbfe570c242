#pragma once

#include <jarvis/sdk/json.hpp>
#include <string>

namespace jarvis::sdk {

/** tool-request/1: the teacher calls a diagnostic tool. The result is any JSON object. */
struct ToolRequest {
  std::string tool;
  json::object arguments;
};

inline json::object to_json(const ToolRequest& request) {
  return {{"schema", "tool-request/1"}, {"tool", request.tool}, {"arguments", request.arguments}};
}

inline ToolRequest tool_request(const json::object& object) {
  return {required_string(object, "tool"), optional_object(object, "arguments")};
}

}  // namespace jarvis::sdk
