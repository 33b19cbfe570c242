#include "core/home/traces/exchange/steps.hpp"

#include <map>

#include "core/home/traces/exchange/json_reading.hpp"

namespace jarvis {

namespace {

/** Arguments come as a text that holds JSON; as they are where they do not. */
json::value arguments_of(const json::value* value) {
  if (!value) return json::object();
  if (!value->is_string()) return *value;
  boost::system::error_code error;
  json::value parsed = json::parse(value->as_string(), error);
  return error ? *value : parsed;
}

}  // namespace

std::vector<StepRow> tool_steps(const json::array& messages, std::size_t begin, std::size_t end) {
  std::vector<CalledTool> calls;
  std::map<std::string, std::size_t> by_id;
  for (std::size_t i = begin; i < end; ++i) {
    if (!messages[i].is_object()) continue;
    const json::object& message = messages[i].as_object();
    const json::value* tools = message.if_contains("tool_calls");
    if (tools && tools->is_array())
      for (const json::value& item : tools->as_array()) {
        if (!item.is_object()) continue;
        const json::value* function = item.as_object().if_contains("function");
        const json::object& call =
            function && function->is_object() ? function->as_object() : item.as_object();
        by_id[text_at(item.as_object(), "id")] = calls.size();
        calls.push_back({text_at(call, "name"), arguments_of(call.if_contains("arguments")), ""});
      }
    if (text_at(message, "role") == "tool")
      if (const auto call = by_id.find(text_at(message, "tool_call_id")); call != by_id.end())
        calls[call->second].result = content_text(message.if_contains("content"));
  }
  std::vector<StepRow> steps;
  for (const CalledTool& call : calls) {
    steps.push_back(tool_step(call));
    steps.back().index = static_cast<std::int64_t>(steps.size()) - 1;
  }
  return steps;
}

StepRow tool_step(const CalledTool& call) {
  StepRow step;
  step.type = "tool_call";
  step.input = json::serialize(
      json::object{{"tool", json::string_view(call.name)}, {"arguments", call.arguments}});
  step.output = json::serialize(
      json::object{{"success", call.success}, {"result", json::string_view(call.result)}});
  step.metadata = json::serialize(json::object{{"arguments", call.arguments}});
  return step;
}

StepRow answer_step(const GivenAnswer& answer) {
  const std::int64_t tokens = answer.prompt_tokens + answer.completion_tokens;
  StepRow step;
  step.type = "generate";
  step.input = json::serialize(json::object{{"model", json::string_view(answer.model)}});
  step.output =
      json::serialize(json::object{{"prompt_tokens", answer.prompt_tokens},
                                   {"completion_tokens", answer.completion_tokens},
                                   {"total_tokens", tokens},
                                   {"tokens", tokens},
                                   {"content", json::string_view(answer.content)},
                                   {"finish_reason", json::string_view(answer.finish_reason)}});
  return step;
}

}  // namespace jarvis
