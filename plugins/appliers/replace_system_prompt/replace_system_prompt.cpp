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
    const std::string file = text::prompt_file(agent);
    const std::optional<std::string> present = text::read_staged_file(request.home, file);
    const std::string prompt = text::shaped_like(present, content);
    if (present == prompt) throw sdk::refused("no change: '" + file + "' has this content already");
    text::require_good_prompt(text::prompt_owner(request.home, agent), prompt, present,
                              "payload.new_content");
    return {file, prompt,
            "agent '" + agent + "' gets " + (present ? "another" : "its first") + " system prompt"};
  }
};

}  // namespace

JARVIS_PLUGIN(ReplaceSystemPrompt, "replace-system-prompt", "0.1.0")
