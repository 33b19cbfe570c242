#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/text/student_home.hpp>
#include <vector>

#include "plugins/students/chat/mcp_tools.hpp"
#include "plugins/students/chat/tool.hpp"

namespace jarvis::chat {

/** Which of the tools of the user's MCP servers an agent has. */
enum class Served {
  named,  ///< those that its list of tools names
  all,    ///< all: it has no list
};

/** The tools of one conversation. Used by one thread. */
class StudentTools {
 public:
  /** Those that the home lists and that this runner or one of the MCP servers has, each once, in
   * the home's order, with the descriptions of tools/descriptions.toml. `request` and `host` are
   * borrowed. Throws as McpTools::all does. */
  StudentTools(const text::StudentSettings& settings, Served served,
               const sdk::StudentRequest& request, const sdk::Host& host);

  /** Whether this runner has a tool of that name itself. */
  static bool has_own(const std::string& name);

  const std::vector<sdk::ToolDefinition>& definitions() const { return definitions_; }

  /** Answers a call. A wrong call is answered too: the model reads what was wrong. Throws what ends
   * the conversation: JARVIS_CANCELLED, JARVIS_REFUSED and, where the answer is measured, a tool
   * that could not be run. */
  sdk::ToolResult call(const sdk::ToolCall& call);

 private:
  void offer(sdk::ToolDefinition tool, const text::StudentSettings& settings);
  bool is_offered(const std::string& name) const;
  std::string answer(const sdk::ToolCall& call);
  bool ends_conversation(const sdk::Failure& failure) const;

  const sdk::StudentRequest& request_;
  const sdk::Host& host_;
  McpTools served_;
  std::vector<sdk::ToolDefinition> definitions_;
};

}  // namespace jarvis::chat
