#pragma once

#include <cstdint>
#include <jarvis/sdk/json.hpp>
#include <map>
#include <string>
#include <vector>

namespace jarvis::sdk {

/** process-request/1, for the host's `process` service: one program, from its start to its end,
 * without a shell. The host keeps it in a process group of its own, which ends with the call, and
 * where it can in a sandbox: everything read-only but `home`, no network unless the user's
 * settings allow it. */
struct ProcessRequest {
  /** Required: the words of the user's settings, with their placeholders filled in. */
  std::vector<std::string> command;
  std::string home;   ///< required: absolute; what it may write
  std::string input;  ///< its standard input
  /** Beside what every program gets; names begin with OPENJARVIS_, JARVIS_ or OLLAMA_. */
  std::map<std::string, std::string> environment;
  std::int64_t timeout_seconds = 120;
  std::int64_t most_output_bytes = 4 * 1024 * 1024;  ///< of its answer; with more it is ended
  bool network = false;
  bool only_check = false;  ///< start nothing: fails where the command could not be run
};

/** process-result/1: how it ended and what it said. */
struct ProcessResult {
  int exit_status = 0;  ///< 0..255; 128 + the signal that ended it
  std::string output;   ///< standard output; bytes that are not UTF-8 are replaced by U+FFFD
  std::string errors;   ///< the end of standard error
  bool timed_out = false;
  bool is_cut = false;  ///< there was more output than wanted, and it was ended
};

/** mcp-request/1, for the host's `mcp` service: the tools of a server of the Model Context Protocol
 * that speaks on its standard streams. The host starts it when it is first needed for a home and
 * ends it with the session. */
struct McpRequest {
  std::string home;                                ///< required: absolute
  std::vector<std::string> command;                ///< required
  std::map<std::string, std::string> environment;  ///< of the server
  std::string tool;                                ///< the tool to call; empty: list the tools
  json::object arguments;
  std::int64_t timeout_seconds = 30;
};

/** A tool that an MCP server offers. */
struct McpTool {
  std::string name;  ///< required
  std::string description;
  json::object parameters;    ///< JSON Schema
  bool is_read_only = false;  ///< the server says that it changes nothing
};

/** mcp-result/1: `tools` of a listing, or a call's text. */
struct McpResult {
  std::vector<McpTool> tools;
  std::string content;
  bool is_error = false;
};

/** Names and texts as a JSON object, and back; values that are no texts are left out. */
inline json::object texts_to_json(const std::map<std::string, std::string>& texts) {
  json::object object;
  for (const auto& [name, text] : texts) object[name] = text;
  return object;
}
inline std::map<std::string, std::string> texts_of(const json::object& object) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : object)
    if (value.is_string()) texts[std::string(name)] = std::string(value.as_string());
  return texts;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const ProcessRequest& request) {
  return {{"schema", "process-request/1"},
          {"command", json::value_from(request.command)},
          {"home", request.home},
          {"input", request.input},
          {"environment", texts_to_json(request.environment)},
          {"timeout_seconds", request.timeout_seconds},
          {"most_output_bytes", request.most_output_bytes},
          {"network", request.network},
          {"only_check", request.only_check}};
}

/** Reads process-request/1. Throws Failure(JARVIS_INVALID) without `command` or `home`. */
inline ProcessRequest process_request(const json::object& object) {
  ProcessRequest request;
  request.command = strings_of(optional_array(object, "command"));
  if (request.command.empty()) throw invalid("field 'command' is missing");
  request.home = required_string(object, "home");
  request.input = optional_string(object, "input");
  request.environment = texts_of(optional_object(object, "environment"));
  request.timeout_seconds = optional_integer(object, "timeout_seconds", request.timeout_seconds);
  request.most_output_bytes =
      optional_integer(object, "most_output_bytes", request.most_output_bytes);
  request.network = optional_bool(object, "network");
  request.only_check = optional_bool(object, "only_check");
  return request;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const ProcessResult& result) {
  return {{"schema", "process-result/1"},  {"exit_status", result.exit_status},
          {"output", result.output},       {"errors", result.errors},
          {"timed_out", result.timed_out}, {"is_cut", result.is_cut}};
}

/** Reads process-result/1. Throws nothing. */
inline ProcessResult process_result(const json::object& object) {
  return {static_cast<int>(optional_integer(object, "exit_status", 0)),
          optional_string(object, "output"), optional_string(object, "errors"),
          optional_bool(object, "timed_out"), optional_bool(object, "is_cut")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const McpRequest& request) {
  return {{"schema", "mcp-request/1"},
          {"home", request.home},
          {"command", json::value_from(request.command)},
          {"environment", texts_to_json(request.environment)},
          {"tool", request.tool},
          {"arguments", request.arguments},
          {"timeout_seconds", request.timeout_seconds}};
}

/** Reads mcp-request/1. Throws Failure(JARVIS_INVALID) without `command` or `home`. */
inline McpRequest mcp_request(const json::object& object) {
  McpRequest request;
  request.home = required_string(object, "home");
  request.command = strings_of(optional_array(object, "command"));
  if (request.command.empty()) throw invalid("field 'command' is missing");
  request.environment = texts_of(optional_object(object, "environment"));
  request.tool = optional_string(object, "tool");
  request.arguments = optional_object(object, "arguments");
  request.timeout_seconds = optional_integer(object, "timeout_seconds", request.timeout_seconds);
  return request;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const McpResult& result) {
  json::array tools;
  for (const McpTool& tool : result.tools)
    tools.push_back(json::object{{"name", tool.name},
                                 {"description", tool.description},
                                 {"parameters", tool.parameters},
                                 {"is_read_only", tool.is_read_only}});
  return {{"schema", "mcp-result/1"},
          {"tools", std::move(tools)},
          {"content", result.content},
          {"is_error", result.is_error}};
}

/** Reads mcp-result/1. Throws Failure(JARVIS_INVALID) for a tool without a name, or another
 * exception where one is no object. */
inline McpResult mcp_result(const json::object& object) {
  McpResult result;
  for (const json::value& value : optional_array(object, "tools")) {
    const json::object& tool = value.as_object();
    result.tools.push_back({required_string(tool, "name"), optional_string(tool, "description"),
                            optional_object(tool, "parameters"),
                            optional_bool(tool, "is_read_only")});
  }
  result.content = optional_string(object, "content");
  result.is_error = optional_bool(object, "is_error");
  return result;
}

}  // namespace jarvis::sdk
