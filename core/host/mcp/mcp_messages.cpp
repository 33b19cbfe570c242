#include "core/host/mcp/mcp_messages.hpp"

#include "core/base/json_text.hpp"
#include "core/base/utf8.hpp"

namespace jarvis {

namespace {

constexpr int kMethodNotFound = -32601;
constexpr std::size_t kShownOfALine = 80;

Error no_message(std::string_view line, const std::string& why) {
  return {ErrorKind::invalid,
          "sent what is no message (" + why + "): '" +
              shortened(valid_utf8(line.substr(0, 2 * kShownOfALine)), kShownOfALine) + "'",
          "its standard output is for messages alone"};
}

Error error_of(const json::value& error) {
  std::string message, code;
  if (error.is_object()) {
    message = sdk::optional_string(error.as_object(), "message");
    code = std::to_string(sdk::optional_integer(error.as_object(), "code"));
  }
  return {ErrorKind::invalid,
          "says: " + (message.empty() ? "an error without words" : message) + " (" + code + ")",
          ""};
}

McpMessage reply_of(const json::object& object) {
  McpMessage reply{McpMessage::Kind::reply, sdk::optional_integer(object, "id", -1), json::object(),
                   ""};
  const json::value* error = object.if_contains("error");
  if (error && !error->is_null())
    reply.result = error_of(*error);
  else
    reply.result = sdk::optional_object(object, "result");
  return reply;
}

/** All that a server may ask of us is whether we are there. */
std::string answer_to(std::string_view method, const json::value& id) {
  json::object answer{{"jsonrpc", "2.0"}, {"id", id}};
  if (method == "ping")
    answer["result"] = json::object();
  else
    answer["error"] = {{"code", kMethodNotFound}, {"message", "there is no such method here"}};
  return json::serialize(answer) + "\n";
}

std::string text_of_part(const json::object& part) {
  const std::string type = sdk::optional_string(part, "type");
  if (type == "text") return sdk::optional_string(part, "text");
  const json::object resource = sdk::optional_object(part, "resource");
  if (type == "resource" && resource.contains("text"))
    return sdk::optional_string(resource, "text");
  if (type == "resource_link") return sdk::optional_string(part, "uri");
  return "[" + (type.empty() ? "something" : type) + ", left out]";
}

}  // namespace

std::string mcp_request_line(std::int64_t id, std::string_view method, const json::object& params) {
  return json::serialize(json::object{{"jsonrpc", "2.0"},
                                      {"id", id},
                                      {"method", json::string_view(method)},
                                      {"params", params}}) +
         "\n";
}

std::string mcp_notification_line(std::string_view method, const json::object& params) {
  json::object message{{"jsonrpc", "2.0"}, {"method", json::string_view(method)}};
  if (!params.empty()) message["params"] = params;
  return json::serialize(message) + "\n";
}

json::object mcp_greeting() {
  return {{"protocolVersion", kMcpVersion},
          {"capabilities", json::object()},
          {"clientInfo", {{"name", "jarvis"}, {"version", "1"}}}};
}

Result<McpMessage> read_mcp_message(std::string_view line) {
  json::object object;
  try {
    object = sdk::parse_object(line, "it");
  } catch (const sdk::Failure& failure) {
    return no_message(line, failure.what());
  }
  const json::value* id = object.if_contains("id");
  const std::string method = sdk::optional_string(object, "method");
  if (!method.empty()) {
    if (!id || id->is_null()) return McpMessage();
    return McpMessage{McpMessage::Kind::request, -1, json::object(), answer_to(method, *id)};
  }
  if (!id || !(object.contains("result") || object.contains("error")))
    return no_message(line, "it is neither a reply nor a request");
  return reply_of(object);
}

Result<McpPage> read_mcp_page(const json::object& result) {
  const json::value* tools = result.if_contains("tools");
  if (!tools || !tools->is_array())
    return Error{ErrorKind::invalid, "gave a list of tools without 'tools'", ""};
  McpPage page;
  for (const json::value& value : tools->as_array()) {
    const json::object tool = value.is_object() ? value.as_object() : json::object();
    const std::string name = sdk::optional_string(tool, "name");
    if (name.empty()) return Error{ErrorKind::invalid, "lists a tool without a name", ""};
    page.tools.push_back(
        {name, sdk::optional_string(tool, "description"), sdk::optional_object(tool, "inputSchema"),
         sdk::optional_bool(sdk::optional_object(tool, "annotations"), "readOnlyHint")});
  }
  if (auto next = sdk::optional_string(result, "nextCursor"); !next.empty())
    page.next = std::move(next);
  return page;
}

Result<sdk::McpResult> read_mcp_content(const json::object& result) {
  const json::value* content = result.if_contains("content");
  const json::value* structured = result.if_contains("structuredContent");
  if ((!content || !content->is_array()) && !structured)
    return Error{ErrorKind::invalid, "answered without 'content'", ""};
  sdk::McpResult read;
  read.is_error = sdk::optional_bool(result, "isError");
  const json::array parts = sdk::optional_array(result, "content");
  for (std::size_t i = 0; i < parts.size(); ++i)
    read.content += (i > 0 ? "\n" : "") +
                    (parts[i].is_object() ? text_of_part(parts[i].as_object()) : std::string());
  if (parts.empty() && structured) read.content = json::serialize(*structured);
  return read;
}

}  // namespace jarvis
