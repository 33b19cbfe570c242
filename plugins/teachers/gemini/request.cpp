#include "plugins/teachers/gemini/request.hpp"

#include "plugins/shared/call_ids.hpp"
#include "plugins/teachers/gemini/schema.hpp"

namespace jarvis::gemini {

namespace {

/** How the calls so far are answered. */
struct Calls {
  std::map<std::string, std::string> names;
  std::set<std::string> own_ids;  ///< given by the provider, which wants them back
};

Calls calls_in(const sdk::GenerateRequest& request) {
  Calls calls{shared::call_names(request), {}};
  for (const sdk::Message& message : request.messages)
    for (const json::value& part : sdk::optional_array(message.engine_data, kParts))
      if (part.is_object())
        calls.own_ids.insert(
            sdk::optional_string(sdk::optional_object(part.as_object(), "functionCall"), "id"));
  return calls;
}

json::object text_part(const std::string& text) {
  return {{"text", text}};
}

/** What a tool said: an object is handed on as one. */
json::object response_of(const sdk::ToolResult& result) {
  const char* key = result.is_error ? "error" : "output";
  boost::system::error_code error;
  json::value value = json::parse(result.content, error);
  if (error || !value.is_object()) value = json::string(result.content);
  return {{key, std::move(value)}};
}

json::object function_response(const sdk::ToolResult& result, const Calls& calls) {
  const auto name = calls.names.find(result.call_id);
  if (name == calls.names.end())
    throw sdk::invalid("a tool's result answers no call: '" + result.call_id + "'");
  json::object response{{"name", name->second}, {"response", response_of(result)}};
  if (calls.own_ids.count(result.call_id) != 0) response["id"] = result.call_id;
  return {{"functionResponse", std::move(response)}};
}

json::array parts_of(const sdk::Message& message, const Calls& calls) {
  // Signatures must come back in the parts that carried them.
  if (const json::array kept = sdk::optional_array(message.engine_data, kParts); !kept.empty())
    return kept;
  json::array parts;
  for (const sdk::ToolResult& result : message.tool_results)
    parts.push_back(function_response(result, calls));
  if (!message.text.empty()) parts.push_back(text_part(message.text));
  for (const sdk::ToolCall& call : message.tool_calls)
    parts.push_back(json::object{
        {"functionCall", json::object{{"name", call.name}, {"args", call.arguments}}}});
  return parts;
}

/** Turns of one side that follow each other are one turn on the wire; so all results of parallel
 * calls come back together. */
json::array contents_of(const sdk::GenerateRequest& request) {
  const Calls calls = calls_in(request);
  json::array contents;
  for (const sdk::Message& message : request.messages) {
    json::array parts = parts_of(message, calls);
    if (parts.empty()) continue;
    const char* role = message.role == "assistant" ? "model" : "user";
    if (!contents.empty() && contents.back().as_object()["role"] == role) {
      json::array& before = contents.back().as_object()["parts"].as_array();
      before.insert(before.end(), parts.begin(), parts.end());
      continue;
    }
    contents.push_back(json::object{{"role", role}, {"parts", std::move(parts)}});
  }
  if (contents.empty()) throw sdk::invalid("the request has no message with any text");
  return contents;
}

json::object declaration_of(const sdk::ToolDefinition& tool) {
  json::object declaration{{"name", tool.name}, {"description", tool.description}};
  json::object parameters = schema_of(tool.parameters);
  parameters["type"] = "object";
  // An object without properties is refused.
  if (parameters.contains("properties")) declaration["parameters"] = std::move(parameters);
  return declaration;
}

}  // namespace

json::object body_of(const sdk::GenerateRequest& request) {
  json::object generation{{"maxOutputTokens", request.max_output_tokens}};
  if (request.temperature) generation["temperature"] = *request.temperature;
  json::object body{{"contents", contents_of(request)},
                    {"generationConfig", std::move(generation)}};
  if (!request.system.empty())
    body["systemInstruction"] = json::object{{"parts", json::array{text_part(request.system)}}};
  json::array declarations;
  for (const sdk::ToolDefinition& tool : request.tools)
    declarations.push_back(declaration_of(tool));
  if (declarations.empty()) return body;
  body["tools"] = json::array{json::object{{"functionDeclarations", std::move(declarations)}}};
  if (!request.may_call_tools)
    body["toolConfig"] = json::object{{"functionCallingConfig", json::object{{"mode", "NONE"}}}};
  return body;
}

}  // namespace jarvis::gemini
