#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/student_settings.hpp>

#include "style_block.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

class SetResponseStyle : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string style =
        style_block::require_style(text::require_text(request.payload, "style"));
    const std::string file = text::prompt_file(agent);
    const auto present = text::read_staged_file(request.home, file);
    if (!present)
      throw sdk::refused("agent '" + agent + "' has no system prompt: there is no '" + file + "'",
                         "start one with replace_system_prompt");
    const std::string prompt = style_block::with_style(*present, style);
    if (prompt == *present)
      throw sdk::refused("no change: '" + file + "' has this response style already");
    text::require_good_prompt(text::prompt_owner(request.home, agent), prompt, present,
                              "payload.style");
    return {file, prompt,
            "agent '" + agent + (style.empty() ? "' loses its" : "' gets a") + " response style"};
  }
};

}  // namespace

JARVIS_PLUGIN(SetResponseStyle, "set_response_style", "0.1.0")
