#include <map>

#include "tests/conformance/protocol.hpp"
#include "tests/support/event_stream.hpp"

namespace jarvis::conformance {

namespace {

constexpr const char* kPath = "/v1beta/models/gemini-conformance:";
constexpr const char* kSignature = "c2lnbmF0dXJl";

/** Names of functions, and how often each is called or answered in one turn. */
using Names = std::map<std::string, int>;

void check_schema(const json::object& schema) {
  only(schema,
       {"type",      "format",           "title",    "description",   "nullable",      "enum",
        "items",     "properties",       "required", "minItems",      "maxItems",      "minLength",
        "maxLength", "minimum",          "maximum",  "minProperties", "maxProperties", "pattern",
        "anyOf",     "propertyOrdering", "example"},
       "schema");
  if (const json::value* type = schema.if_contains("type"))
    demand(type->is_string(), "schema.type: must be one type");
  if (schema.contains("enum")) {
    demand(text_field(schema, "type") == "string", "schema.enum: only for the type string");
    for (const json::value& value : list_field(schema, "enum"))
      demand(value.is_string(), "schema.enum: must be texts");
  }
  if (sdk::optional_string(schema, "type") == "array") object_field(schema, "items");
  if (schema.contains("properties")) {
    demand(!object_field(schema, "properties").empty(),
           "schema.properties: should be non-empty for OBJECT type");
    for (const auto& [name, value] : object_field(schema, "properties"))
      check_schema(as_object(value, "schema"));
  }
  if (schema.contains("items")) check_schema(object_field(schema, "items"));
  for (const json::value& name : sdk::optional_array(schema, "required"))
    demand(object_field(schema, "properties").contains(name.as_string()),
           "schema.required: property is not defined");
}

void check_tools(const json::object& body) {
  demand(body.contains("tools") || !body.contains("toolConfig"), "toolConfig: needs tools");
  if (!body.contains("tools")) return;
  for (const json::value& item : list_field(body, "tools")) {
    only(as_object(item, "tools"), {"functionDeclarations"}, "tools");
    for (const json::value& value : list_field(item.as_object(), "functionDeclarations")) {
      const json::object& declaration = as_object(value, "functionDeclarations");
      only(declaration, {"name", "description", "parameters"}, "functionDeclarations");
      check_name(text_field(declaration, "name"));
      if (!declaration.contains("parameters")) continue;
      check_schema(object_field(declaration, "parameters"));
      demand(declaration.at("parameters").as_object().contains("properties"),
             "parameters.properties: should be non-empty for OBJECT type");
    }
  }
  if (body.contains("toolConfig")) {
    const json::object& calling =
        object_field(object_field(body, "toolConfig"), "functionCallingConfig");
    demand(text_field(calling, "mode") == "NONE", "toolConfig: unexpected mode");
  }
}

void check_call(const json::object& part, bool is_first, Names& asked) {
  const json::object& call = object_field(part, "functionCall");
  only(call, {"name", "args"}, "functionCall");
  object_field(call, "args");
  ++asked[text_field(call, "name")];
  demand(!is_first || sdk::optional_string(part, "thoughtSignature") == kSignature,
         "functionCall: is missing a thought_signature");
}

void check_response(const json::object& part, Names& answered) {
  const json::object& response = object_field(part, "functionResponse");
  only(response, {"name", "response"}, "functionResponse");
  object_field(response, "response");
  ++answered[text_field(response, "name")];
}

Names check_content(const json::object& content, const std::string& role, const Names& open) {
  only(content, {"role", "parts"}, "contents");
  Names asked, answered;
  for (const json::value& item : list_field(content, "parts")) {
    const json::object& part = as_object(item, "parts");
    only(part, {"text", "functionCall", "functionResponse", "thoughtSignature"}, "parts");
    const int kinds = static_cast<int>(part.contains("text")) +
                      static_cast<int>(part.contains("functionCall")) +
                      static_cast<int>(part.contains("functionResponse"));
    demand(kinds == 1, "parts: required oneof field 'data' must have one initialized field");
    if (part.contains("text")) text_field(part, "text");
    demand(role == "model" || !part.contains("functionCall"), "functionCall: not the user's");
    demand(role == "user" || !part.contains("functionResponse"), "functionResponse: the user's");
    if (part.contains("functionCall")) check_call(part, asked.empty(), asked);
    if (part.contains("functionResponse")) check_response(part, answered);
  }
  demand(answered == open,
         "contents: the number of function response parts must equal that of function call parts "
         "of the function call turn");
  return asked;
}

class Gemini : public Protocol {
 public:
  void check(const RecordedRequest& request) const override {
    const std::string wanted =
        std::string(kPath) +
        (wants_stream(request) ? "streamGenerateContent?alt=sse" : "generateContent");
    demand(request.method == "POST" && request.target == wanted, "not found", 404);
    demand(header(request, "x-goog-api-key") == "test-key-of-gemini",
           "API key not valid. Please pass a valid API key.");
    const json::object body = body_of(request);
    only(body, {"contents", "tools", "toolConfig", "systemInstruction", "generationConfig"},
         "body");
    const json::object& generation = object_field(body, "generationConfig");
    only(generation, {"maxOutputTokens", "temperature"}, "generationConfig");
    positive_field(generation, "maxOutputTokens");
    check_temperature(generation, 0, 2);
    if (body.contains("systemInstruction")) {
      only(object_field(body, "systemInstruction"), {"parts"}, "systemInstruction");
      list_field(object_field(body, "systemInstruction"), "parts");
    }
    check_tools(body);
    check_contents(body);
  }

  bool wants_stream(const RecordedRequest& request) const override {
    return request.target.find(":streamGenerateContent") != std::string::npos;
  }

  ScriptedReply answer(const RecordedRequest& request, const Turn& turn) const override {
    const json::array parts = parts_of(turn);
    const json::value reason = finish_reason_of(turn);
    if (!wants_stream(request)) return testing::json_reply(reply_of(parts, reason, turn));
    std::vector<json::object> events;
    for (const json::value& part : parts) events.push_back(reply_of({part}, nullptr, turn));
    events.push_back(reply_of({}, reason, turn));
    return testing::event_stream(events, false);
  }

  ScriptedReply error(int status, const std::string& message) const override {
    return testing::json_reply(
        {{"error", {{"code", status}, {"message", message}, {"status", "AN_ERROR"}}}}, status);
  }

 private:
  static void check_contents(const json::object& body) {
    Names open;
    std::string before = "model";
    for (const json::value& item : list_field(body, "contents")) {
      const json::object& content = as_object(item, "contents");
      const std::string role = text_field(content, "role");
      demand(role == "user" || role == "model", "contents: please use a valid role: user, model");
      demand(role != before, "contents: turns must alternate, the user first");
      open = check_content(content, role, open);
      before = role;
    }
    demand(before == "user", "contents: the last turn must be the user's");
  }

  static json::array parts_of(const Turn& turn) {
    json::array parts;
    for (const std::string& piece : testing::pieces_of(turn.text))
      parts.push_back(json::object{{"text", piece}});
    bool is_first = true;
    for (const AskedCall& call : turn.calls) {
      json::object part{{"functionCall", {{"name", call.name}, {"args", call.arguments}}}};
      if (is_first) part["thoughtSignature"] = kSignature;
      is_first = false;
      parts.push_back(std::move(part));
    }
    return parts;
  }

  static const char* finish_reason_of(const Turn& turn) {
    if (turn.end == Turn::End::max_tokens) return "MAX_TOKENS";
    return turn.end == Turn::End::refusal ? "SAFETY" : "STOP";
  }

  static json::object reply_of(json::array parts, const json::value& reason, const Turn& turn) {
    json::object content{{"role", "model"}};
    if (!parts.empty()) content["parts"] = std::move(parts);
    json::object candidate{{"content", std::move(content)}, {"index", 0}};
    if (!reason.is_null()) candidate["finishReason"] = reason;
    json::object usage{
        {"promptTokenCount", turn.prompt_tokens},
        {"candidatesTokenCount", turn.answer_tokens},
        {"totalTokenCount", turn.prompt_tokens + turn.answer_tokens + turn.reasoning_tokens}};
    if (turn.cache_read_tokens > 0) usage["cachedContentTokenCount"] = turn.cache_read_tokens;
    if (turn.reasoning_tokens > 0) usage["thoughtsTokenCount"] = turn.reasoning_tokens;
    return {{"candidates", json::array{std::move(candidate)}},
            {"usageMetadata", std::move(usage)},
            {"modelVersion", "gemini-conformance-1"}};
  }
};

}  // namespace

std::unique_ptr<Protocol> gemini_protocol() {
  return std::make_unique<Gemini>();
}

}  // namespace jarvis::conformance
