#include <deque>

#include "tests/conformance/protocol.hpp"
#include "tests/support/event_stream.hpp"

namespace jarvis::conformance {

namespace {

/** The names of the calls that wait for their results, in order. */
using Open = std::deque<std::string>;

void check_calls(const json::object& message, Open& open) {
  if (!message.contains("tool_calls")) return;
  for (const json::value& item : list_field(message, "tool_calls")) {
    const json::object& call = as_object(item, "tool_calls");
    only(call, {"function"}, "tool_calls");
    const json::object& function = object_field(call, "function");
    only(function, {"name", "arguments"}, "function");
    object_field(function, "arguments");
    open.push_back(text_field(function, "name"));
  }
}

void check_message(const json::object& message, Open& open) {
  const std::string role = text_field(message, "role");
  any_text_field(message, "content");
  if (role == "tool") {
    only(message, {"role", "content", "tool_name"}, "messages");
    demand(!open.empty() && open.front() == text_field(message, "tool_name"),
           "messages: a tool's result without its call");
    open.pop_front();
    return;
  }
  demand(open.empty(), "messages: a call without its result");
  demand(role == "system" || role == "user" || role == "assistant",
         "messages: unexpected role '" + role + "'");
  if (role == "assistant")
    only(message, {"role", "content", "tool_calls"}, "messages");
  else
    only(message, {"role", "content"}, "messages");
  check_calls(message, open);
}

class Ollama : public Protocol {
 public:
  void check(const RecordedRequest& request) const override {
    demand(request.method == "POST" && request.target == "/api/chat", "404 page not found", 404);
    const json::object body = body_of(request);
    only(body, {"model", "messages", "tools", "stream", "options"}, "body");
    demand(text_field(body, "model") == "conformance:8b", "model not found, try pulling it first",
           404);
    const json::object& options = object_field(body, "options");
    only(options, {"num_predict", "num_ctx", "temperature"}, "options");
    positive_field(options, "num_predict");
    positive_field(options, "num_ctx");
    check_temperature(options, 0, 2);
    Open open;
    for (const json::value& item : list_field(body, "messages"))
      check_message(as_object(item, "messages"), open);
    demand(open.empty(), "messages: a call without its result");
    if (!body.contains("tools")) return;
    for (const json::value& item : list_field(body, "tools")) {
      const json::object& tool = as_object(item, "tools");
      only(tool, {"type", "function"}, "tools");
      check_name(text_field(object_field(tool, "function"), "name"));
      check_object_schema(object_field(object_field(tool, "function"), "parameters"));
    }
  }

  bool wants_stream(const RecordedRequest& request) const override {
    return sdk::optional_bool(body_of(request), "stream", true);
  }

  ScriptedReply answer(const RecordedRequest& request, const Turn& turn) const override {
    json::object message{{"role", "assistant"}, {"content", turn.text}};
    json::array calls;
    for (const AskedCall& call : turn.calls)
      calls.push_back(
          json::object{{"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    if (!calls.empty()) message["tool_calls"] = calls;
    json::object last = line_of(message);
    last["done"] = true;
    last["done_reason"] = turn.end == Turn::End::max_tokens ? "length" : "stop";
    last["prompt_eval_count"] = turn.prompt_tokens;
    last["eval_count"] = turn.answer_tokens + turn.reasoning_tokens;
    last["total_duration"] = 1;
    if (!wants_stream(request)) return testing::json_reply(last);
    ScriptedReply reply;
    reply.headers = {{"Content-Type", "application/x-ndjson"}};
    reply.chunked = true;
    for (const std::string& piece : testing::pieces_of(turn.text))
      append(reply, line_of({{"role", "assistant"}, {"content", piece}}));
    if (!calls.empty())
      append(reply, line_of({{"role", "assistant"}, {"content", ""}, {"tool_calls", calls}}));
    last["message"] = json::object{{"role", "assistant"}, {"content", ""}};
    append(reply, last);
    return reply;
  }

  ScriptedReply error(int status, const std::string& message) const override {
    return testing::json_reply({{"error", message}}, status);
  }

 private:
  static json::object line_of(json::object message) {
    return {{"model", "conformance:8b"},
            {"created_at", "2026-01-01T00:00:00Z"},
            {"message", std::move(message)},
            {"done", false}};
  }

  static void append(ScriptedReply& reply, const json::object& line) {
    reply.body += json::serialize(line) + "\n";
  }
};

}  // namespace

std::unique_ptr<Protocol> ollama_protocol() {
  return std::make_unique<Ollama>();
}

}  // namespace jarvis::conformance
