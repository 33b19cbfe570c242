#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/text/student_home.hpp>
#include <vector>

#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

/** The tools of one conversation. */
class StudentTools {
 public:
  /** Those that the home lists and this runner has, each once, in the home's order, with the
   * descriptions of tools/descriptions.toml. `request` is borrowed. */
  StudentTools(const text::StudentSettings& settings, const sdk::StudentRequest& request);

  const std::vector<sdk::ToolDefinition>& definitions() const { return definitions_; }

  /** Answers a call. A wrong call is answered too: the model reads what was wrong. Throws only
   * JARVIS_CANCELLED and JARVIS_REFUSED, which end the conversation. */
  sdk::ToolResult call(const sdk::ToolCall& call, const sdk::Host& host) const;

 private:
  const sdk::StudentRequest& request_;
  std::vector<sdk::ToolDefinition> definitions_;
};

}  // namespace jarvis::chat
