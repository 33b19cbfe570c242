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
};

/** student-result/1. `model` is what the server says that it ran. */
struct StudentResult {
  std::string output;                ///< required: the answer; may be empty
  std::string model;                 ///< may be empty
  std::int64_t turns = 1;            ///< requests to the model that the answer took
  std::vector<ToolCall> tool_calls;  ///< what was called on the way, in order; ids may be empty
  Usage usage;                       ///< of all turns together
};

/** student-probe/1: the home whose student is to be reached, and its endpoint. */
struct ProbeRequest {
  std::string home;      ///< required: absolute path
  std::string base_url;  ///< may be empty: the runner's own default
};

/** student-probe-result/1: the models that the student's server offers (empty when it cannot say).
 */
struct ProbeResult {
  std::vector<std::string> models;  ///< by the names that a home would write; in any order
};

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const StudentRequest& request) {
  return {{"schema", "student-request/1"}, {"home", request.home},
          {"query", request.query},        {"query_class", request.query_class},
          {"agent", request.agent},        {"base_url", request.base_url}};
}

/** Reads student-request/1. Throws Failure(JARVIS_INVALID) without `home` or `query`. */
inline StudentRequest student_request(const json::object& object) {
  return {required_string(object, "home"), required_string(object, "query"),
          optional_string(object, "query_class"), optional_string(object, "agent"),
          optional_string(object, "base_url")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const StudentResult& result) {
  json::array calls;
  for (const ToolCall& call : result.tool_calls)
    calls.push_back(
        json::object{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
  return {{"schema", "student-result/1"},   {"output", result.output},
          {"model", result.model},          {"turns", result.turns},
          {"tool_calls", std::move(calls)}, {"usage", to_json(result.usage)}};
}

/** Reads student-result/1. Throws Failure(JARVIS_INVALID) without `output` or the name of a call,
 * or another exception where a call is no object. */
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
  return result;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const ProbeRequest& request) {
  return {{"schema", "student-probe/1"}, {"home", request.home}, {"base_url", request.base_url}};
}

/** Reads student-probe/1. Throws Failure(JARVIS_INVALID) without `home`. */
inline ProbeRequest probe_request(const json::object& object) {
  return {required_string(object, "home"), optional_string(object, "base_url")};
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
