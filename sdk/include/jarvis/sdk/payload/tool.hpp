#pragma once

#include <jarvis/sdk/json.hpp>
#include <string>
#include <utility>

namespace jarvis::sdk {

/** tool-request/1: the teacher calls a diagnostic tool. The result is any JSON object. */
struct ToolRequest {
  std::string tool;        ///< required: the id of one of the manifest's tools
  json::object arguments;  ///< fits the tool's `parameters`; {} when there are none
};

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const ToolRequest& request) {
  return {{"schema", "tool-request/1"}, {"tool", request.tool}, {"arguments", request.arguments}};
}

/** Reads tool-request/1, and takes the arguments out of `object`. Throws Failure(JARVIS_INVALID)
 * without a `tool`. */
inline ToolRequest tool_request(json::object object) {
  ToolRequest request{required_string(object, "tool"), {}};
  json::value* arguments = object.if_contains("arguments");
  if (arguments && arguments->is_object()) request.arguments = std::move(arguments->as_object());
  return request;
}

}  // namespace jarvis::sdk
