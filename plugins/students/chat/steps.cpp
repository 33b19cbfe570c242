#include "plugins/students/chat/steps.hpp"

#include "plugins/shared/chat_completions.hpp"

namespace jarvis::chat {

double Steps::now() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

void Steps::add(const char* type, double started, json::object input, json::object output) {
  steps_.push_back({type, started, now() - started, std::move(input), std::move(output)});
}

void Steps::add_generation(double started, const sdk::GenerateRequest& request,
                           std::size_t first_new_message, const sdk::GenerateResult& result) {
  json::array messages, calls;
  if (first_new_message == 0 && !request.system.empty())
    messages.push_back(json::object{{"role", "system"}, {"content", request.system}});
  for (std::size_t i = first_new_message; i < request.messages.size(); ++i)
    shared::append_chat_message(messages, request.messages[i]);
  for (const sdk::ToolCall& call : result.message.tool_calls)
    calls.push_back(
        json::object{{"id", call.id}, {"name", call.name}, {"arguments", call.arguments}});
  const std::int64_t prompt =
      result.usage.input_tokens + result.usage.cache_read_tokens + result.usage.cache_write_tokens;
  const std::int64_t total = prompt + result.usage.output_tokens;
  add("generate", started, {{"model", request.model}, {"messages", std::move(messages)}},
      {{"content", result.message.text},
       {"tool_calls", std::move(calls)},
       {"finish_reason", result.stop_reason},
       {"prompt_tokens", prompt},
       {"completion_tokens", result.usage.output_tokens},
       {"total_tokens", total},
       {"tokens", total}});
}

void Steps::add_call(double started, const sdk::ToolCall& call, const sdk::ToolResult& result) {
  add("tool_call", started, {{"tool", call.name}, {"arguments", call.arguments}},
      {{"success", !result.is_error}, {"result", result.content}});
}

}  // namespace jarvis::chat
