#pragma once

#include <string>

#include "core/session/diagnose/diagnose.hpp"
#include "core/session/diagnose/transcript.hpp"

namespace jarvis {

/** The teacher's conversation with the tools, until it concludes. */
class Conversation {
 public:
  Conversation(const DiagnoseInputs& inputs, ServiceTable services);

  /** Its last message. Once the calls or the money for them are used up it gets one turn to
   * conclude. */
  Result<std::string> run();
  /** Asks one more thing, without tools. */
  Result<std::string> ask(const std::string& text);

 private:
  Result<sdk::Message> turn();
  void answer(const sdk::Message& message);
  void say(const std::string& text);
  std::vector<sdk::ToolResult> call_all(const std::vector<sdk::ToolCall>& calls);
  sdk::ToolResult call_one(const sdk::ToolCall& call);
  Result<std::string> result_of(const sdk::ToolCall& call);
  void conclude();
  void log_reply(const sdk::GenerateResult& reply);

  const DiagnoseInputs& inputs_;
  ServiceTable services_;
  Transcript transcript_;
  int calls_left_;
  bool concluding_ = false;
};

}  // namespace jarvis
