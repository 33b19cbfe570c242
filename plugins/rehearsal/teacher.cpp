#include "plugins/rehearsal/teacher.hpp"

#include <sstream>

#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis::rehearsal {

namespace json = boost::json;

namespace {

std::string all_text(const sdk::GenerateRequest& request) {
  std::string text = request.system;
  for (const sdk::Message& message : request.messages) text += "\n" + message.text;
  return text;
}

/** The first line of the newest user message that is a question of the family. */
std::string reply_to_question(const sdk::GenerateRequest& request) {
  std::string asked;
  for (const sdk::Message& message : request.messages)
    if (message.role == "user") asked = message.text;
  std::istringstream lines(asked);
  for (std::string line; std::getline(lines, line);) {
    if (const auto question = parse_question(line)) {
      const Working working = work_out(*question);
      return written(working.steps, working.answer);
    }
  }
  return "This rehearsal knows no answer to that.\nA: unknown";
}

long length_of(const sdk::GenerateRequest& request) {
  long tokens = tokens_of(all_text(request));
  for (const sdk::Message& message : request.messages) {
    for (const sdk::ToolCall& call : message.tool_calls)
      tokens += tokens_of(json::serialize(call.arguments));
    for (const sdk::ToolResult& result : message.tool_results) tokens += tokens_of(result.content);
  }
  return tokens;
}

}  // namespace

sdk::GenerateResult teach(const sdk::GenerateRequest& request) {
  sdk::GenerateResult result;
  const std::string text = all_text(request);
  if (!request.tools.empty()) {
    result.message = diagnose(request);
  } else {
    const bool planning =
        text.find("edits") != std::string::npos && text.find("cluster") != std::string::npos;
    result.message = {"assistant", planning ? plan(text) : reply_to_question(request), {}, {}, {}};
  }
  result.stop_reason = result.message.tool_calls.empty() ? "end" : "tool_calls";
  result.model = request.model;
  result.usage.input_tokens = length_of(request);
  result.usage.output_tokens =
      tokens_of(result.message.text) + 20 * static_cast<long>(result.message.tool_calls.size());
  return result;
}

}  // namespace jarvis::rehearsal
