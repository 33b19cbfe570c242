#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/student_settings.hpp>
#include <jarvis/text/unified_diff.hpp>

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string require_diff(const sdk::json::object& payload) {
  const sdk::json::value* diff = payload.if_contains("diff");
  if (!diff) throw sdk::invalid("field 'payload.diff' is missing");
  if (!diff->is_string()) throw sdk::invalid("field 'payload.diff' is not a string");
  return std::string(diff->get_string());
}

/** The prompt with the diff applied; a byte order mark is no part of the first line. */
std::string patched(const std::string& present, const std::string& diff) {
  if (present.compare(0, kByteOrderMark.size(), kByteOrderMark) != 0)
    return text::apply_unified_diff(present, diff);
  return std::string(kByteOrderMark) +
         text::apply_unified_diff(present.substr(kByteOrderMark.size()), diff);
}

class PatchSystemPrompt : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string diff = require_diff(request.payload);
    const text::AgentPrompt present = text::staged_prompt(request.home, agent);
    const std::string place = text::shown(present.place);
    if (!present.text)
      throw sdk::refused("agent '" + agent + "' has no system prompt: there is no " + place,
                         "start one with replace_system_prompt");
    const std::string prompt = patched(*present.text, diff);
    if (prompt == *present.text)
      throw sdk::refused("no change: the diff leaves " + place + " as it is");
    text::require_good_prompt(text::prompt_owner(request.home, agent), prompt, present.text,
                              "payload.diff");
    return text::prompt_edit(request.home, present, prompt,
                             "lines of agent '" + agent + "'s system prompt change");
  }
};

}  // namespace

JARVIS_PLUGIN(PatchSystemPrompt, "patch-system-prompt", "0.1.0")
