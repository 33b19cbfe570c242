#pragma once

#include <functional>
#include <jarvis/text/student_settings.hpp>
#include <optional>
#include <string>

namespace jarvis::text {

/** An agent whose prompt changes. `agent_class` is what its configuration says, and may be empty;
 * an agent formats its prompt when its class does so, or one that bears its name. */
struct PromptOwner {
  std::string agent;        ///< its name
  std::string agent_class;  ///< empty: not set
};

/** The owner of an agent's prompt as the config.toml of a staged home has it; without one, and in
 * OpenJarvis' dialect, its name alone decides. Throws JARVIS_INVALID for a file that is no TOML, or
 * a class that is no text. */
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

/** `text` as what the owner fills in. One who formats its prompt would take each single brace for
 * the beginning of a placeholder: where no brace is doubled, they are meant literally, and all that
 * are not around a known placeholder are doubled here. Where some are doubled, their writer knew,
 * and nothing is changed. */
std::string as_template(const PromptOwner& owner, const std::string& text);

/** The system prompt that an agent has of its own, and where it stands. */
struct AgentPrompt {
  Dialect dialect = Dialect::jarvis;  ///< of the home
  PromptPlace place;
  std::optional<std::string> text;  ///< nothing where there is none
};

/** Reads a file of a home; nothing when there is no such file. */
using ReadFile = std::function<std::optional<std::string>(const std::string& file)>;

/** The prompt of an agent. Throws JARVIS_REFUSED, with the reason, for an agent whose prompt nobody
 * can set in the home's dialect, JARVIS_INVALID for a config.toml that cannot be read as what it
 * is, and as `read` does. */
AgentPrompt agent_prompt(const std::string& agent, const ReadFile& read);

/** `text` with the line ends and the final newline of `present`; where there is none with "\n" and
 * a final newline. */
std::string shaped_like(const std::optional<std::string>& present, const std::string& text);

}  // namespace jarvis::text
