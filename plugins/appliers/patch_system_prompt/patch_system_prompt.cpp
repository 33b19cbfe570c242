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
    const std::string file = text::prompt_file(agent);
    const std::optional<std::string> present = text::read_staged_file(request.home, file);
    if (!present)
      throw sdk::refused("agent '" + agent + "' has no system prompt: there is no '" + file + "'",
                         "start one with replace_system_prompt");
    const std::string prompt = patched(*present, diff);
    if (prompt == *present)
      throw sdk::refused("no change: the diff leaves '" + file + "' as it is");
    text::require_good_prompt(text::prompt_owner(request.home, agent), prompt, present,
                              "payload.diff");
    return {file, prompt, "lines of agent '" + agent + "'s system prompt change"};
  }
};

}  // namespace

JARVIS_PLUGIN(PatchSystemPrompt, "patch-system-prompt", "0.1.0")
