#pragma once

#include <cstdint>
#include <jarvis/sdk/payload/generate.hpp>
#include <string>
#include <vector>

namespace jarvis::sdk {

/** student-request/1: one query, to be answered as the home at `home` says. An empty `agent` means
 * the home's default agent. `base_url` is the student's endpoint; it may be empty. */
struct StudentRequest {
  std::string home;         ///< required: absolute path; the live home or a staged copy, read-only
  std::string query;        ///< required: what the user asks
  std::string query_class;  ///< "code", "math", "short", "long" or "general"; may be empty
  std::string agent;
  std::string base_url;
  std::string model = {};  ///< asked for by its name; empty: the one that the home's files choose
  /** The tools with side effects that may run, by name; "*": all. A runner that would have to run
   * another one refuses (JARVIS_REFUSED) with a message that names it. */
  std::vector<std::string> allowed_tools = {};
  bool streams = false;  ///< the answer's text is wanted as it comes: see HttpRequest::live_text
  /** `[learning.distillation.student]` as the user wrote it, with defaults: `dialect`, `command`,
   * `network`, `read_root`, `timeout_seconds`. Beside them `environment` (OLLAMA_HOST and
   * JARVIS_NUM_CTX, where the user has set them), `live_home` (of which `home` may be a copy),
   * `began_at` (seconds since 1970, the same for all runs of a session) and `mcp_servers`
   * ([{name, command}]: those that the host's `mcp` service starts). */
  json::object settings = {};
};

/** One step on the way to an answer, as a trace records it. */
struct StudentStep {
  std::string type;            ///< required: "generate" or "tool_call"
  double started_seconds = 0;  ///< since the run began
  double duration_seconds = 0;
  json::object input = {}, output = {};
};

/** student-result/1. `model` is what the server says that it ran. */
struct StudentResult {
  std::string output;                   ///< required: the answer; may be empty
  std::string model;                    ///< may be empty
  std::int64_t turns = 1;               ///< requests to the model that the answer took
  std::vector<ToolCall> tool_calls;     ///< what was called on the way, in order; ids may be empty
  Usage usage;                          ///< of all turns together
  std::vector<StudentStep> steps = {};  ///< in order; may be empty
  std::string engine = {};              ///< what served the model ("ollama"); may be empty
};

/** student-probe/1: the home whose student is to be reached, and its endpoint. */
struct ProbeRequest {
  std::string home;            ///< required: absolute path
  std::string base_url;        ///< may be empty: the runner's own default
  json::object settings = {};  ///< as in StudentRequest
};

/** student-probe-result/1: the models that the student's server offers (empty when it cannot say).
 */
struct ProbeResult {
  std::vector<std::string> models;  ///< by the names that a home would write; in any order
};

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const StudentRequest& request) {
  return {
      {"schema", "student-request/1"}, {"home", request.home},
      {"query", request.query},        {"query_class", request.query_class},
      {"agent", request.agent},        {"base_url", request.base_url},
      {"model", request.model},        {"allowed_tools", json::value_from(request.allowed_tools)},
      {"streams", request.streams},    {"settings", request.settings}};
}

/** Reads student-request/1. Throws Failure(JARVIS_INVALID) without `home` or `query`. */
inline StudentRequest student_request(const json::object& object) {
  return {required_string(object, "home"),
          required_string(object, "query"),
          optional_string(object, "query_class"),
          optional_string(object, "agent"),
          optional_string(object, "base_url"),
          optional_string(object, "model"),
          strings_of(optional_array(object, "allowed_tools")),
          optional_bool(object, "streams"),
          optional_object(object, "settings")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const StudentResult& result) {
  json::array calls;
  for (const ToolCall& call : result.tool_calls)
    calls.push_back(
        json::object{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
  json::array steps;
  for (const StudentStep& step : result.steps)
    steps.push_back(json::object{{"type", step.type},
                                 {"started_seconds", step.started_seconds},
                                 {"duration_seconds", step.duration_seconds},
                                 {"input", step.input},
                                 {"output", step.output}});
  return {{"schema", "student-result/1"},   {"output", result.output},
          {"model", result.model},          {"turns", result.turns},
          {"tool_calls", std::move(calls)}, {"usage", to_json(result.usage)},
          {"steps", std::move(steps)},      {"engine", result.engine}};
}

/** Reads student-result/1. Throws Failure(JARVIS_INVALID) without `output`, the name of a call or
 * the type of a step, or another exception where one of them is no object. */
inline StudentResult student_result(const json::object& object) {
  StudentResult result;
  result.output = required_string(object, "output");
  result.model = optional_string(object, "model");
  result.turns = optional_integer(object, "turns", 1);
  for (const json::value& call : optional_array(object, "tool_calls"))
    result.tool_calls.push_back({optional_string(call.as_object(), "id"),
                                 required_string(call.as_object(), "name"),
                                 optional_object(call.as_object(), "arguments")});
  result.usage = usage(optional_object(object, "usage"));
  for (const json::value& value : optional_array(object, "steps")) {
    const json::object& step = value.as_object();
    result.steps.push_back({required_string(step, "type"),
                            optional_number(step, "started_seconds").value_or(0),
                            optional_number(step, "duration_seconds").value_or(0),
                            optional_object(step, "input"), optional_object(step, "output")});
  }
  result.engine = optional_string(object, "engine");
  return result;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const ProbeRequest& request) {
  return {{"schema", "student-probe/1"},
          {"home", request.home},
          {"base_url", request.base_url},
          {"settings", request.settings}};
}

/** Reads student-probe/1. Throws Failure(JARVIS_INVALID) without `home`. */
inline ProbeRequest probe_request(const json::object& object) {
  return {required_string(object, "home"), optional_string(object, "base_url"),
          optional_object(object, "settings")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const ProbeResult& result) {
  return {{"schema", "student-probe-result/1"}, {"models", json::value_from(result.models)}};
}

/** Reads student-probe-result/1; no list is an empty one. Throws nothing. */
inline ProbeResult probe_result(const json::object& object) {
  return {strings_of(optional_array(object, "models"))};
}

}  // namespace jarvis::sdk
