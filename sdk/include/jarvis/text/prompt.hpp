#pragma once

#include <optional>
#include <string>

namespace jarvis::text {

/** An agent whose prompt changes. `agent_class` is what its configuration says, and may be empty;
 * an agent formats its prompt when its class does so, or one that bears its name. */
struct PromptOwner {
  std::string agent;        ///< its name
  std::string agent_class;  ///< empty: not set
};

/** The owner of an agent's prompt as the config.toml of a staged home has it; without one its name
 * alone decides. Throws JARVIS_INVALID for a file that is no TOML, or a class that is no text. */
PromptOwner prompt_owner(const std::string& home, const std::string& agent);

/** Throws JARVIS_REFUSED for a new prompt that would harm the agent: blank, over 64 KiB, with new
 * text that does not show (require_visible_text), without a placeholder such as
 * `{tool_descriptions}` that the present prompt has (or, where there is none, that the agent
 * needs), or, for an agent that formats its prompt, with a brace that is neither doubled nor part
 * of a placeholder it knows: that would crash it. `present` is the prompt as it is, nothing where
 * the agent has none. `field` names the payload's field in messages. Text that does not show is
 * JARVIS_INVALID. */
void require_good_prompt(const PromptOwner& owner, const std::string& prompt,
                         const std::optional<std::string>& present, const std::string& field);

/** Throws JARVIS_REFUSED when the owner formats its prompt and `prompt` has braces that it cannot
 * format. */
void require_formattable(const PromptOwner& owner, const std::string& prompt);

/** `text` with the line ends and the final newline of `present`; where there is none with "\n" and
 * a final newline. */
std::string shaped_like(const std::optional<std::string>& present, const std::string& text);

}  // namespace jarvis::text
