#pragma once

#include <optional>
#include <string>

namespace jarvis::text {

/** "agents/simple/system_prompt.md". `agent` must be a valid name. */
std::string prompt_file(const std::string& agent);

/** Throws JARVIS_REFUSED for a new prompt that would harm the agent: blank, over 64 KiB, with new
 * text that does not show (require_visible_text), without a placeholder such as
 * `{tool_descriptions}` that the present prompt has (or, where there is none, that the agent
 * needs), or, for an agent that formats its prompt, with a brace that is neither doubled nor part
 * of a placeholder it knows: that would crash it. `field` names the payload's field in messages. */
void require_good_prompt(const std::string& agent, const std::string& prompt,
                         const std::optional<std::string>& present, const std::string& field);

/** `text` with the line ends and the final newline of `present`; where there is none with "\n" and
 * a final newline. */
std::string shaped_like(const std::optional<std::string>& present, const std::string& text);

}  // namespace jarvis::text
