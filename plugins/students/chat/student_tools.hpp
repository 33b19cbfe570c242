#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <map>
#include <string>
#include <vector>

namespace jarvis::chat {

/** The tools among `names` that this runner knows, each once, in the order of `names`, with the
 *  descriptions that tools/descriptions.toml gives. */
std::vector<sdk::ToolDefinition> offered_tools(
    const std::vector<std::string>& names, const std::map<std::string, std::string>& descriptions);

/** Answers a call of such a tool. A wrong call is answered too: the model reads what was wrong. */
sdk::ToolResult call_tool(const sdk::ToolCall& call,
                          const std::vector<sdk::ToolDefinition>& offered);

}  // namespace jarvis::chat
