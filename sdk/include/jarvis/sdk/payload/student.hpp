#pragma once

#include <cstdint>
#include <jarvis/sdk/payload/generate.hpp>
#include <string>
#include <vector>

namespace jarvis::sdk {

/** student-request/1: one query, to be answered as the home at `home` says. An empty `agent` means
 * the home's default agent. `base_url` is the student's endpoint; it may be empty. */
struct StudentRequest {
  std::string home;
  std::string query;
  std::string query_class;
  std::string agent;
  std::string base_url;
};

/** student-result/1. `model` is what the server says that it ran. */
struct StudentResult {
  std::string output;
  std::string model;
  std::int64_t turns = 1;
  std::vector<ToolCall> tool_calls;
  Usage usage;
};

/** student-probe/1: the home whose student is to be reached, and its endpoint. */
struct ProbeRequest {
  std::string home;
  std::string base_url;
};

/** student-probe-result/1: the models that the student's server offers (empty when it cannot say).
 */
struct ProbeResult {
  std::vector<std::string> models;
};

inline json::object to_json(const StudentRequest& request) {
  return {{"schema", "student-request/1"}, {"home", request.home},
          {"query", request.query},        {"query_class", request.query_class},
          {"agent", request.agent},        {"base_url", request.base_url}};
}

inline StudentRequest student_request(const json::object& object) {
  return {required_string(object, "home"), required_string(object, "query"),
          optional_string(object, "query_class"), optional_string(object, "agent"),
          optional_string(object, "base_url")};
}

inline json::object to_json(const StudentResult& result) {
  json::array calls;
  for (const ToolCall& call : result.tool_calls)
    calls.push_back(
        json::object{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
  return {{"schema", "student-result/1"},   {"output", result.output},
          {"model", result.model},          {"turns", result.turns},
          {"tool_calls", std::move(calls)}, {"usage", to_json(result.usage)}};
}

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

inline json::object to_json(const ProbeRequest& request) {
  return {{"schema", "student-probe/1"}, {"home", request.home}, {"base_url", request.base_url}};
}

inline ProbeRequest probe_request(const json::object& object) {
  return {required_string(object, "home"), optional_string(object, "base_url")};
}

inline json::object to_json(const ProbeResult& result) {
  return {{"schema", "student-probe-result/1"}, {"models", json::value_from(result.models)}};
}

inline ProbeResult probe_result(const json::object& object) {
  return {strings_of(optional_array(object, "models"))};
}

}  // namespace jarvis::sdk
