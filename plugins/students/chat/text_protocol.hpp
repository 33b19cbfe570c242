#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <jarvis/text/student_home.hpp>
#include <optional>
#include <string>
#include <vector>

namespace jarvis::chat {

/** The protocol of agents that reason aloud: the model writes Thought, Action and Action Input, is
 * told an Observation, and ends with a Final Answer. */

/** Where the model should stop writing: what follows is for the tool to say. */
inline constexpr const char* kStop = "\nObservation:";

/** One reply of the model, read leniently: markers in any case, JSON in a fence or not. */
struct TextStep {
  std::string said;                   ///< the reply up to where it makes up an observation
  std::optional<sdk::ToolCall> call;  ///< without an id
  std::string answer;                 ///< the final answer; without a marker all that was said
};

TextStep read_step(const std::string& reply);

/** The tools as a prompt describes them; says so when there are none. */
std::string tool_block(const std::vector<sdk::ToolDefinition>& tools);

/** The agent's system prompt. The placeholder {tool_descriptions} of a prompt file is filled in.
 * For an agent with the text protocol doubled braces become single ones, as its formatter makes
 * them, and the protocol is explained where the prompt has no place for the tools. */
std::string system_prompt(const text::StudentSettings& settings,
                          const std::vector<sdk::ToolDefinition>& tools);

}  // namespace jarvis::chat
