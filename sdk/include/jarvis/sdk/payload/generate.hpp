#pragma once

#include <cstdint>
#include <jarvis/sdk/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::sdk {

/** A tool that a model may call. `parameters` is a JSON Schema of type object. */
struct ToolDefinition {
  std::string name;         ///< required
  std::string description;  ///< may be empty
  json::object parameters;  ///< {}: it takes none, or any
};

/** What a model wants to be called. */
struct ToolCall {
  std::string id;          ///< required: unique in the conversation; ToolResult names it
  std::string name;        ///< required
  json::object arguments;  ///< as the model wrote them; may not fit the tool's schema
};

/** What such a call came to. */
struct ToolResult {
  std::string call_id;    ///< required: ToolCall::id
  std::string content;    ///< text for the model, often JSON; may be empty
  bool is_error = false;  ///< the call failed, and `content` says why
};

/** One turn of a conversation, in no provider's form. Role "user" and "assistant" carry `text`;
 *  "assistant" may carry calls; "tool" carries the results of all calls of the turn before it. */
struct Message {
  std::string role;                      ///< required: "user", "assistant" or "tool"
  std::string text;                      ///< may be empty beside calls and results
  std::vector<ToolCall> tool_calls;      ///< role "assistant" only
  std::vector<ToolResult> tool_results;  ///< role "tool" only
  /** What the engine that made this turn wants back unchanged (signatures, say). May be empty. */
  json::object engine_data;
};

/** generate-request/1: one request to a language model. An empty `base_url` means the provider's
 * own.
 */
struct GenerateRequest {
  std::string model;     ///< required; the service `engine` puts the judge's own in its place
  std::string base_url;  ///< with or without the provider's version suffix ("/v1")
  std::string system;    ///< the system prompt; may be empty
  std::vector<Message> messages;      ///< oldest first
  std::vector<ToolDefinition> tools;  ///< may be empty
  /** False: the tools stay declared, but the model must answer with text now. */
  bool may_call_tools = true;
  /** In tokens, at least 1. The host has cut it to what the budget can pay. */
  std::int64_t max_output_tokens = 4096;
  std::optional<double> temperature;  ///< at least 0; nothing: the provider's default
};

/** Tokens that the provider bills, over all requests of the call; the host settles the bill with
 * them. Those of the cache are part of neither input nor output. 0 where the provider does not say.
 */
struct Usage {
  std::int64_t input_tokens = 0;        ///< read for the first time
  std::int64_t output_tokens = 0;       ///< written, thoughts included
  std::int64_t cache_read_tokens = 0;   ///< read from the provider's cache
  std::int64_t cache_write_tokens = 0;  ///< written to the provider's cache
  /** What the provider itself says that the call cost, in USD. */
  std::optional<double> reported_cost_usd;
};

/** generate-result/1. `stop_reason` is "end", "tool_calls", "max_tokens" or "refusal". */
struct GenerateResult {
  Message message;          ///< required, of role "assistant"
  std::string stop_reason;  ///< required: "tool_calls" exactly when the message has calls to answer
  std::string model;        ///< what the server says that it ran; may be empty
  Usage usage;
};

/** The object as it stands in results; without reported_cost_usd where there is none. */
inline json::object to_json(const Usage& usage) {
  json::object object{{"input_tokens", usage.input_tokens},
                      {"output_tokens", usage.output_tokens},
                      {"cache_read_tokens", usage.cache_read_tokens},
                      {"cache_write_tokens", usage.cache_write_tokens}};
  if (usage.reported_cost_usd) object["reported_cost_usd"] = *usage.reported_cost_usd;
  return object;
}

/** Reads what to_json writes; throws nothing. */
inline Usage usage(const json::object& object) {
  return {optional_integer(object, "input_tokens"), optional_integer(object, "output_tokens"),
          optional_integer(object, "cache_read_tokens"),
          optional_integer(object, "cache_write_tokens"),
          optional_number(object, "reported_cost_usd")};
}

/** The object as it stands in requests and results; without calls, results and engine_data where
 * there are none. */
inline json::object to_json(const Message& message) {
  json::object object{{"role", message.role}, {"text", message.text}};
  json::array calls, results;
  for (const ToolCall& call : message.tool_calls)
    calls.push_back(
        json::object{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
  for (const ToolResult& result : message.tool_results)
    results.push_back(json::object{
        {"call_id", result.call_id}, {"content", result.content}, {"is_error", result.is_error}});
  if (!calls.empty()) object["tool_calls"] = std::move(calls);
  if (!results.empty()) object["tool_results"] = std::move(results);
  if (!message.engine_data.empty()) object["engine_data"] = message.engine_data;
  return object;
}

/** Reads what to_json writes. Throws Failure(JARVIS_INVALID), or another exception where an item of
 * a list is no object. */
inline Message message(const json::object& object) {
  Message message{required_string(object, "role"),
                  optional_string(object, "text"),
                  {},
                  {},
                  optional_object(object, "engine_data")};
  for (const json::value& call : optional_array(object, "tool_calls"))
    message.tool_calls.push_back({required_string(call.as_object(), "id"),
                                  required_string(call.as_object(), "name"),
                                  optional_object(call.as_object(), "arguments")});
  for (const json::value& result : optional_array(object, "tool_results"))
    message.tool_results.push_back({required_string(result.as_object(), "call_id"),
                                    optional_string(result.as_object(), "content"),
                                    optional_bool(result.as_object(), "is_error")});
  return message;
}

/** The object as it stands in requests. */
inline json::object to_json(const ToolDefinition& tool) {
  return {{"name", tool.name}, {"description", tool.description}, {"parameters", tool.parameters}};
}

/** Reads what to_json writes. Throws Failure(JARVIS_INVALID) without a name. */
inline ToolDefinition tool_definition(const json::object& object) {
  return {required_string(object, "name"), optional_string(object, "description"),
          optional_object(object, "parameters")};
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const GenerateRequest& request) {
  json::object object{{"schema", "generate-request/1"},
                      {"model", request.model},
                      {"base_url", request.base_url},
                      {"system", request.system},
                      {"may_call_tools", request.may_call_tools},
                      {"max_output_tokens", request.max_output_tokens}};
  json::array messages, tools;
  for (const Message& message : request.messages) messages.push_back(to_json(message));
  for (const ToolDefinition& tool : request.tools) tools.push_back(to_json(tool));
  object["messages"] = std::move(messages);
  object["tools"] = std::move(tools);
  if (request.temperature) object["temperature"] = *request.temperature;
  return object;
}

/** Reads generate-request/1. Throws as `message` does. */
inline GenerateRequest generate_request(const json::object& object) {
  GenerateRequest request;
  request.model = required_string(object, "model");
  request.base_url = optional_string(object, "base_url");
  request.system = optional_string(object, "system");
  for (const json::value& value : optional_array(object, "messages"))
    request.messages.push_back(message(value.as_object()));
  for (const json::value& value : optional_array(object, "tools"))
    request.tools.push_back(tool_definition(value.as_object()));
  request.may_call_tools = optional_bool(object, "may_call_tools", true);
  request.max_output_tokens = optional_integer(object, "max_output_tokens", 4096);
  request.temperature = optional_number(object, "temperature");
  return request;
}

/** The object as it crosses the border, with its `schema`. */
inline json::object to_json(const GenerateResult& result) {
  return {{"schema", "generate-result/1"},
          {"message", to_json(result.message)},
          {"stop_reason", result.stop_reason},
          {"model", result.model},
          {"usage", to_json(result.usage)}};
}

/** Reads generate-result/1. Throws as `message` does. */
inline GenerateResult generate_result(const json::object& object) {
  return {message(optional_object(object, "message")), required_string(object, "stop_reason"),
          optional_string(object, "model"), usage(optional_object(object, "usage"))};
}

}  // namespace jarvis::sdk
