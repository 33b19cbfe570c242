#include "core/host/plugin_teacher.hpp"

namespace jarvis {

sdk::GenerateRequest redacted(sdk::GenerateRequest request, Privacy& privacy) {
  request.system = privacy.redact(request.system);
  for (sdk::Message& message : request.messages) {
    message.text = privacy.redact(message.text);
    for (sdk::ToolCall& call : message.tool_calls)
      call.arguments = privacy.redact_document(call.arguments).as_object();
    for (sdk::ToolResult& result : message.tool_results)
      result.content = privacy.redact(result.content);
  }
  for (sdk::ToolDefinition& tool : request.tools) {
    tool.description = privacy.redact(tool.description);
    tool.parameters = privacy.redact_document(tool.parameters).as_object();
  }
  return request;
}

Result<sdk::GenerateResult> PluginTeacher::generate(Purpose purpose, sdk::GenerateRequest request) {
  auto answer =
      seat_.generate(&purse_, purpose, redacted(std::move(request), privacy_), cancelled_);
  if (answer && (purpose == Purpose::gold || purpose == Purpose::run_self))
    answer->message.text = privacy_.restore(answer->message.text);
  return answer;
}

}  // namespace jarvis
