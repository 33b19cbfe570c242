#include "tests/support/wire_check.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <vector>

namespace jarvis::testing {

namespace json = boost::json;

namespace {

/** Ends the reading of a body with what is wrong with it. */
struct Complaint {
  std::string text;
};

void demand(bool holds, const std::string& text) {
  if (!holds) throw Complaint{text};
}

const json::value& field(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  demand(value != nullptr, std::string(name) + ": field required");
  return *value;
}

std::string text_field(const json::object& object, std::string_view name) {
  const json::value& value = field(object, name);
  demand(value.is_string() && !value.as_string().empty(), std::string(name) + ": must be a text");
  return std::string(value.as_string());
}

const json::array& array_field(const json::object& object, std::string_view name) {
  const json::value& value = field(object, name);
  demand(value.is_array() && !value.as_array().empty(), std::string(name) + ": must be a list");
  return value.as_array();
}

const json::object& as_object(const json::value& value, const std::string& what) {
  demand(value.is_object(), what + ": must be an object");
  return value.as_object();
}

void only(const json::object& object, const std::set<std::string_view>& known,
          const std::string& what) {
  for (const auto& [name, value] : object)
    demand(known.count(name) != 0, what + std::string(name) + ": extra inputs are not permitted");
}

void check_name(const std::string& name) {
  static const std::regex pattern("[a-zA-Z0-9_-]{1,64}");
  demand(std::regex_match(name, pattern), "tools: '" + name + "' is no name");
}

void check_schema(const json::value& value) {
  const json::object& schema = as_object(value, "schema");
  demand(text_field(schema, "type") == "object", "schema: must be of type object");
}

void check_temperature(const json::object& body, double most) {
  const json::value* value = body.if_contains("temperature");
  if (!value) return;
  demand(value->is_number(), "temperature: must be a number");
  const double temperature = value->to_number<double>();
  demand(temperature >= 0 && temperature <= most, "temperature: out of range");
}

using Ids = std::set<std::string>;

Ids check_anthropic_message(const json::object& message, const Ids& open) {
  only(message, {"role", "content"}, "messages.");
  const std::string role = text_field(message, "role");
  demand(role == "user" || role == "assistant", "messages: unexpected role '" + role + "'");
  const json::value& content = field(message, "content");
  if (content.is_string()) {
    demand(!content.as_string().empty(), "messages: content must not be empty");
    demand(open.empty(), "messages: tool_use without tool_result");
    return {};
  }
  Ids asked, answered;
  bool text_seen = false;
  for (const json::value& item : array_field(message, "content")) {
    const json::object& block = as_object(item, "content");
    const std::string type = text_field(block, "type");
    if (type == "text") {
      text_field(block, "text");
      text_seen = true;
    } else if (type == "tool_use") {
      demand(role == "assistant", "messages: tool_use in a message of the user");
      demand(asked.insert(text_field(block, "id")).second, "messages: tool_use ids must be unique");
      check_name(text_field(block, "name"));
      as_object(field(block, "input"), "input");
    } else {
      demand(type == "tool_result" && role == "user", "messages: unexpected block '" + type + "'");
      demand(!text_seen, "messages: tool_result blocks must come first");
      answered.insert(text_field(block, "tool_use_id"));
    }
  }
  demand(answered == open, "messages: each tool_use needs its tool_result in the next message");
  return asked;
}

Ids check_chat_message(const json::object& message, Ids open) {
  only(message, {"role", "content", "tool_calls", "tool_call_id", "name"}, "messages.");
  const std::string role = text_field(message, "role");
  if (role == "tool") {
    demand(field(message, "content").is_string(), "messages: content must be a text");
    demand(open.erase(text_field(message, "tool_call_id")) == 1,
           "messages: tool_call_id answers no call");
    return open;
  }
  demand(open.empty(), "messages: tool_calls must be followed by their tool messages");
  demand(role == "system" || role == "developer" || role == "user" || role == "assistant",
         "messages: unexpected role '" + role + "'");
  const bool calls = message.contains("tool_calls");
  const json::value& content = field(message, "content");
  demand(content.is_string() || (content.is_null() && calls), "messages: content must be a text");
  if (!calls) return {};
  demand(role == "assistant", "messages: tool_calls in a message that is not the assistant's");
  Ids asked;
  for (const json::value& item : array_field(message, "tool_calls")) {
    const json::object& call = as_object(item, "tool_calls");
    demand(text_field(call, "type") == "function", "tool_calls: type must be function");
    const json::object& function = as_object(field(call, "function"), "function");
    check_name(text_field(function, "name"));
    boost::system::error_code error;
    demand(json::parse(text_field(function, "arguments"), error).is_object() && !error,
           "tool_calls: arguments must be the text of an object");
    demand(asked.insert(text_field(call, "id")).second, "tool_calls: ids must be unique");
  }
  return asked;
}

void check_anthropic_system(const json::value& system) {
  if (system.is_string()) return demand(!system.as_string().empty(), "system: must be a text");
  demand(system.is_array() && !system.as_array().empty(), "system: must be a text or a list");
  for (const json::value& item : system.as_array()) {
    const json::object& block = as_object(item, "system");
    only(block, {"type", "text", "cache_control"}, "system.");
    demand(text_field(block, "type") == "text", "system: blocks must be of type text");
    text_field(block, "text");
  }
}

void read_anthropic(const json::object& body) {
  only(body,
       {"model", "max_tokens", "messages", "system", "temperature", "tools", "tool_choice",
        "stream"},
       "");
  text_field(body, "model");
  const json::value& most = field(body, "max_tokens");
  demand(most.is_int64() && most.as_int64() >= 1, "max_tokens: must be at least 1");
  if (body.contains("system")) check_anthropic_system(field(body, "system"));
  check_temperature(body, 1);
  Ids open;
  bool tools_used = false;
  const json::array& messages = array_field(body, "messages");
  demand(text_field(as_object(messages.front(), "messages"), "role") == "user",
         "messages: the first message must be the user's");
  for (const json::value& message : messages) {
    open = check_anthropic_message(as_object(message, "messages"), open);
    tools_used = tools_used || !open.empty();
  }
  demand(open.empty(), "messages: tool_use without tool_result");
  demand(!tools_used || body.contains("tools"),
         "tools: needed while messages hold tool_use blocks");
  if (!body.contains("tools")) return;
  for (const json::value& item : array_field(body, "tools")) {
    const json::object& tool = as_object(item, "tools");
    check_name(text_field(tool, "name"));
    check_schema(field(tool, "input_schema"));
  }
  if (const json::value* choice = body.if_contains("tool_choice"))
    text_field(as_object(*choice, "tool_choice"), "type");
}

void read_chat(const json::object& body) {
  only(body,
       {"model", "messages", "temperature", "top_p", "max_tokens", "max_completion_tokens", "tools",
        "stop", "tool_choice", "stream", "stream_options"},
       "");
  text_field(body, "model");
  demand(!(body.contains("max_tokens") && body.contains("max_completion_tokens")),
         "max_tokens: give one limit only");
  check_temperature(body, 2);
  Ids open;
  for (const json::value& message : array_field(body, "messages"))
    open = check_chat_message(as_object(message, "messages"), std::move(open));
  demand(open.empty(), "messages: tool_calls without tool messages");
  demand(body.contains("tools") || !body.contains("tool_choice"), "tool_choice: needs tools");
  if (!body.contains("tools")) return;
  for (const json::value& item : array_field(body, "tools")) {
    const json::object& tool = as_object(item, "tools");
    demand(text_field(tool, "type") == "function", "tools: type must be function");
    const json::object& function = as_object(field(tool, "function"), "function");
    check_name(text_field(function, "name"));
    check_schema(field(function, "parameters"));
  }
}

template <class Read>
std::string complaint_of(const json::object& body, Read read) {
  try {
    read(body);
    return {};
  } catch (const Complaint& complaint) {
    return complaint.text;
  }
}

}  // namespace

std::string anthropic_complaint(const json::object& body) {
  return complaint_of(body, read_anthropic);
}
std::string chat_complaint(const json::object& body) {
  return complaint_of(body, read_chat);
}

}  // namespace jarvis::testing
