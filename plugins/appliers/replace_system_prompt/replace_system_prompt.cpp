#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/student_settings.hpp>

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

class ReplaceSystemPrompt : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string content = text::require_text(request.payload, "new_content");
    const text::AgentPrompt present = text::staged_prompt(request.home, agent);
    const text::PromptOwner owner = text::prompt_owner(request.home, agent);
    const bool literal = present.dialect == text::Dialect::openjarvis;
    const std::string prompt =
        text::shaped_like(present.text, literal ? text::as_template(owner, content) : content);
    if (present.text == prompt)
      throw sdk::refused("no change: " + text::shown(present.place) + " has this content already");
    text::require_good_prompt(owner, prompt, present.text, "payload.new_content");
    return text::prompt_edit(request.home, present, prompt,
                             "agent '" + agent + "' gets " +
                                 (present.text ? "another" : "its first") + " system prompt");
  }
};

}  // namespace

JARVIS_PLUGIN(ReplaceSystemPrompt, "replace-system-prompt", "0.1.0")
