#include <set>

#include "tests/conformance/protocol.hpp"
#include "tests/support/event_stream.hpp"

namespace jarvis::conformance {

namespace {

/** Reads the input's items in order. */
class Input {
 public:
  void take(const json::object& item) {
    const std::string type = text_field(item, "type");
    if (type == "message") return take_message(item);
    if (type == "reasoning") return take_reasoning(item);
    if (type == "function_call") return take_call(item);
    demand(type == "function_call_output", "input: unexpected item '" + type + "'");
    only(item, {"type", "call_id", "output"}, "function_call_output");
    any_text_field(item, "output");
    demand(open_.erase(text_field(item, "call_id")) == 1,
           "No tool call found for function call output");
  }

  void finish() const { demand(open_.empty(), "No tool output found for function call"); }

 private:
  void take_message(const json::object& item) {
    finish();
    const std::string role = text_field(item, "role");
    demand(role == "user" || role == "assistant", "input: unexpected role '" + role + "'");
    reasoned_ = false;
    for (const json::value& value : list_field(item, "content")) {
      const json::object& part = as_object(value, "content");
      const bool is_users = role == "user";
      demand(text_field(part, "type") == (is_users ? "input_text" : "output_text"),
             "content: unexpected type for the " + role);
      text_field(part, "text");
    }
  }

  void take_reasoning(const json::object& item) {
    only(item, {"type", "id", "summary", "encrypted_content"}, "reasoning");
    text_field(item, "encrypted_content");
    reasoned_ = true;
  }

  void take_call(const json::object& item) {
    only(item, {"type", "id", "call_id", "name", "arguments", "status"}, "function_call");
    demand(reasoned_, "function_call was provided without its required reasoning item");
    check_name(text_field(item, "name"));
    boost::system::error_code error;
    const json::value arguments = json::parse(text_field(item, "arguments"), error);
    demand(!error && arguments.is_object(), "arguments: must be the text of an object");
    demand(seen_.insert(text_field(item, "call_id")).second, "call_id: must be unique");
    open_.insert(text_field(item, "call_id"));
  }

  std::set<std::string> open_, seen_;
  bool reasoned_ = false;
};

void check_tools(const json::object& body) {
  demand(body.contains("tools") || !body.contains("tool_choice"), "tool_choice: needs tools");
  if (!body.contains("tools")) return;
  for (const json::value& item : list_field(body, "tools")) {
    const json::object& tool = as_object(item, "tools");
    only(tool, {"type", "name", "description", "parameters", "strict"}, "tools");
    demand(text_field(tool, "type") == "function", "tools: type must be function");
    check_name(text_field(tool, "name"));
    check_object_schema(object_field(tool, "parameters"));
    demand(field(tool, "strict").is_bool(), "strict: must be true or false");
  }
  if (body.contains("tool_choice"))
    demand(text_field(body, "tool_choice") == "none", "tool_choice: unexpected");
}

class Responses : public Protocol {
 public:
  void check(const RecordedRequest& request) const override {
    demand(request.method == "POST" && request.target == "/v1/responses", "not found", 404);
    demand(header(request, "authorization") == "Bearer test-key-of-codex", "invalid API key", 401);
    const json::object body = body_of(request);
    only(body,
         {"model", "input", "instructions", "max_output_tokens", "tools", "tool_choice", "store",
          "include", "stream"},
         "Unsupported parameter: body");
    demand(text_field(body, "model") == "gpt-5-conformance", "the model does not exist", 404);
    demand(field(body, "store") == json::value(false), "conformance: nothing may be stored");
    positive_field(body, "max_output_tokens");
    if (body.contains("instructions")) text_field(body, "instructions");
    demand(list_field(body, "include") == json::array{"reasoning.encrypted_content"},
           "include: unexpected");
    check_tools(body);
    Input input;
    for (const json::value& item : list_field(body, "input")) input.take(as_object(item, "input"));
    input.finish();
  }

  bool wants_stream(const RecordedRequest& request) const override {
    return sdk::optional_bool(body_of(request), "stream");
  }

  ScriptedReply answer(const RecordedRequest& request, const Turn& turn) const override {
    const json::object response = response_of(request, turn);
    if (!wants_stream(request)) return testing::json_reply(response);
    json::object begun = response;
    begun["output"] = json::array();
    begun["usage"] = nullptr;
    begun["status"] = "in_progress";
    std::vector<json::object> events{{{"type", "response.created"}, {"response", begun}}};
    for (const std::string& piece : testing::pieces_of(turn.text))
      events.push_back({{"type", "response.output_text.delta"}, {"delta", piece}});
    const bool is_whole = response.at("status") == "completed";
    events.push_back({{"type", is_whole ? "response.completed" : "response.incomplete"},
                      {"response", response}});
    return testing::event_stream(events, true);
  }

  ScriptedReply error(int status, const std::string& message) const override {
    return testing::json_reply(
        {{"error",
          {{"message", message}, {"type", "an_error"}, {"param", nullptr}, {"code", nullptr}}}},
        status);
  }

 private:
  static json::object text_item(const Turn& turn) {
    json::object part{{"type", "output_text"}, {"annotations", json::array()}};
    part["text"] = turn.text;
    if (turn.end == Turn::End::refusal) part = {{"type", "refusal"}, {"refusal", turn.text}};
    return {{"type", "message"},
            {"id", "msg_1"},
            {"role", "assistant"},
            {"status", "completed"},
            {"content", json::array{std::move(part)}}};
  }

  static json::array output_of(const RecordedRequest& request, const Turn& turn) {
    json::array output;
    if (!turn.calls.empty())
      output.push_back(json::object{{"type", "reasoning"},
                                    {"id", "rs_1"},
                                    {"summary", json::array()},
                                    {"encrypted_content", "opaque"}});
    if (!turn.text.empty() && turn.calls.empty()) output.push_back(text_item(turn));
    for (std::size_t i = 0; i < turn.calls.size(); ++i)
      output.push_back(json::object{
          {"type", "function_call"},
          {"id", "fc_" + std::to_string(i)},
          {"call_id", "call_" + std::to_string(request.body.size()) + "_" + std::to_string(i)},
          {"name", turn.calls[i].name},
          {"arguments", json::serialize(turn.calls[i].arguments)},
          {"status", "completed"}});
    return output;
  }

  static json::object response_of(const RecordedRequest& request, const Turn& turn) {
    const bool is_cut = turn.end == Turn::End::max_tokens;
    json::object response{
        {"id", "resp_1"},
        {"object", "response"},
        {"status", is_cut ? "incomplete" : "completed"},
        {"error", nullptr},
        {"incomplete_details", nullptr},
        {"model", "gpt-5-conformance-1"},
        {"output", output_of(request, turn)},
        {"usage",
         {{"input_tokens", turn.prompt_tokens},
          {"input_tokens_details", {{"cached_tokens", turn.cache_read_tokens}}},
          {"output_tokens", turn.answer_tokens + turn.reasoning_tokens},
          {"output_tokens_details", {{"reasoning_tokens", turn.reasoning_tokens}}}}}};
    if (is_cut) response["incomplete_details"] = {{"reason", "max_output_tokens"}};
    return response;
  }
};

}  // namespace

std::unique_ptr<Protocol> responses_protocol() {
  return std::make_unique<Responses>();
}

}  // namespace jarvis::conformance
