#include "core/session/diagnose/conversation.hpp"

#include <chrono>

#include "core/base/json_text.hpp"
#include "core/base/parallel.hpp"
#include "core/ports/whole_answer.hpp"

namespace jarvis {

namespace {

constexpr std::int64_t kMaxOutputTokens = 8192;
constexpr std::size_t kLoggedResultLimit = 8000;
constexpr char kLog[] = "teacher_traces/diagnose.jsonl";

std::string opening(const Benchmark* benchmark, const Trigger& trigger, int max_tool_calls) {
  std::string text = "Please diagnose this student.";
  if (!benchmark)
    text += " There is no personal benchmark yet: rated traces serve as tasks, by their trace ids.";
  if (!trigger.trace_ids.empty()) {
    text += " The user flagged these traces:";
    for (const std::string& id : trigger.trace_ids) text += " " + id;
    text += ".";
  }
  if (trigger.kind == "cluster")
    text +=
        " This session was started by a cluster of failures: " + json::serialize(trigger.metadata) +
        ".";
  return text + " You may make " + std::to_string(max_tool_calls) + " tool calls in all.";
}

std::string error_text(const Error& error) {
  json::object object{{"error", error.message}};
  if (!error.hint.empty()) object["hint"] = error.hint;
  return json::serialize(object);
}

}  // namespace

sdk::GenerateRequest first_request(const DiagnosePrompts& prompts, const Toolbox& toolbox,
                                   const Benchmark* benchmark, const Trigger& trigger,
                                   int max_tool_calls) {
  sdk::GenerateRequest request;
  request.system = prompts.system;
  request.tools = toolbox.tools();
  request.tools.push_back(read_more_tool());
  request.max_output_tokens = kMaxOutputTokens;
  request.messages.push_back({"user", opening(benchmark, trigger, max_tool_calls), {}, {}, {}});
  return request;
}

Conversation::Conversation(const DiagnoseInputs& inputs, ServiceTable services)
    : inputs_(inputs),
      services_(std::move(services)),
      transcript_(first_request(inputs.prompts, inputs.toolbox, inputs.benchmark, inputs.trigger,
                                inputs.max_tool_calls),
                  inputs.teacher.window_tokens()),
      calls_left_(inputs.max_tool_calls) {}

Result<std::string> Conversation::run() {
  if (calls_left_ <= 0) conclude();
  for (;;) {
    auto message = turn();
    if (!message && message.error().kind == ErrorKind::budget && !concluding_) {
      conclude();
      continue;
    }
    if (!message) return message.error();
    if (message->tool_calls.empty() || concluding_) {
      // Calls that come after the end are answered, so that the conversation stays well formed.
      if (!message->tool_calls.empty()) answer(*message);
      return message->text;
    }
    answer(*message);
    if (calls_left_ <= 0) conclude();
  }
}

Result<std::string> Conversation::ask(const std::string& text) {
  if (!concluding_) inputs_.purse.allow(SpendingStep::conclude);
  concluding_ = true;
  say(text);
  auto message = turn();
  if (!message) return message.error();
  return message->text;
}

void Conversation::conclude() {
  concluding_ = true;
  inputs_.purse.allow(SpendingStep::conclude);
  say(inputs_.prompts.conclude);
}

void Conversation::say(const std::string& text) {
  transcript_.add({"user", text, {}, {}, {}});
}

Result<sdk::Message> Conversation::turn() {
  if (inputs_.cancelled && inputs_.cancelled())
    return Error{ErrorKind::cancelled, "the session was stopped", ""};
  auto reply = whole_answer(inputs_.teacher, Purpose::diagnosis, transcript_.request(!concluding_));
  if (!reply) return reply.error();
  log_reply(*reply);
  transcript_.add(reply->message);
  return std::move(reply->message);
}

void Conversation::answer(const sdk::Message& message) {
  transcript_.add_results(message.tool_calls, call_all(message.tool_calls));
}

// Calls of one tool stand for the same step of the teacher's thought and run side by side; a call
// of another tool waits for them, because it may need what they bring.
std::vector<sdk::ToolResult> Conversation::call_all(const std::vector<sdk::ToolCall>& calls) {
  std::vector<sdk::ToolResult> results(calls.size());
  for (std::size_t first = 0; first < calls.size();) {
    std::size_t end = first;
    while (end < calls.size() && calls[end].name == calls[first].name) ++end;
    const auto allowed = static_cast<std::size_t>(std::clamp<std::int64_t>(
        concluding_ ? 0 : calls_left_, 0, static_cast<std::int64_t>(end - first)));
    calls_left_ -= static_cast<int>(allowed);
    inputs_.progress.step("teacher calls " + calls[first].name +
                          (end - first > 1 ? " × " + std::to_string(end - first) : ""));
    parallel_for(allowed, static_cast<std::size_t>(inputs_.concurrency),
                 [&](std::size_t i) { results[first + i] = call_one(calls[first + i]); });
    for (std::size_t i = first + allowed; i < end; ++i)
      results[i] = {calls[i].id, R"({"error":"no tool calls are left: conclude now"})", true};
    first = end;
  }
  return results;
}

Result<std::string> Conversation::result_of(const sdk::ToolCall& call) {
  if (call.name == read_more_tool().name) return transcript_.read_more(call.arguments);
  const auto restore = [&](std::string_view text) { return inputs_.privacy.restore(text); };
  // A search for "[EMAIL_1]" is meant for the address; only the tool sees it.
  const auto arguments = with_texts(call.arguments, restore);
  const auto answer = inputs_.toolbox.call({call.id, call.name, arguments.as_object()}, services_);
  if (!answer) return answer.error();
  return json::serialize(inputs_.privacy.redact_document(*answer));
}

sdk::ToolResult Conversation::call_one(const sdk::ToolCall& call) {
  const auto start = std::chrono::steady_clock::now();
  const auto answer = result_of(call);
  const std::string text = answer ? *answer : inputs_.privacy.redact(error_text(answer.error()));
  const double latency_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  // The log is for people; a diagnosis does not fail because it could not be written.
  (void)inputs_.files.append(kLog, {{"timestamp", iso8601(inputs_.clock.now())},
                                    {"tool", call.name},
                                    {"args", call.arguments},
                                    {"result", shortened(text, kLoggedResultLimit)},
                                    {"latency_ms", latency_ms},
                                    {"cost_usd", 0.0}});
  return {call.id, text, !answer.ok()};
}

void Conversation::log_reply(const sdk::GenerateResult& reply) {
  (void)inputs_.files.append(kLog, {{"timestamp", iso8601(inputs_.clock.now())},
                                    {"call", "teacher"},
                                    {"model", reply.model},
                                    {"text", reply.message.text},
                                    {"tool_calls", reply.message.tool_calls.size()},
                                    {"stop_reason", reply.stop_reason},
                                    {"usage", sdk::to_json(reply.usage)}});
}

}  // namespace jarvis
