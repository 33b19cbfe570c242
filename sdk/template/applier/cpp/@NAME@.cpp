#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/student_settings.hpp>
#include <sstream>

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

const std::string kMark = "Greet the user with: ";

std::string require_greeting(const sdk::EditRequest& request) {
  const std::string greeting = text::require_text(request.payload, "greeting");
  if (greeting.empty() || greeting.find_first_of("\r\n") != std::string::npos)
    throw sdk::invalid("field 'payload.greeting' is not one line of text");
  return greeting;
}

/** The prompt with its greeting line replaced, or with one at the end where it has none. */
std::string with_greeting(const std::string& prompt, const std::string& greeting) {
  std::istringstream lines(prompt);
  std::string made, line;
  bool has_one = false;
  while (std::getline(lines, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const bool is_greeting = line.compare(0, kMark.size(), kMark) == 0;
    if (is_greeting && has_one) continue;
    made += (is_greeting ? kMark + greeting : line) + "\n";
    has_one = has_one || is_greeting;
  }
  if (!has_one) made += kMark + greeting + "\n";
  return text::shaped_like(prompt, made);
}

/** FileEditApplier calls `edited` for validate and for apply, so that both refuse the same. */
class Greeting : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string greeting = require_greeting(request);
    const std::string file = text::prompt_file(agent);
    const auto present = text::read_staged_file(request.home, file);
    if (!present)
      throw sdk::refused("agent '" + agent + "' has no system prompt: there is no '" + file + "'",
                         "start one with replace_system_prompt");
    const std::string prompt = with_greeting(*present, greeting);
    if (prompt == *present)
      throw sdk::refused("no change: agent '" + agent + "' greets so already");
    text::require_good_prompt(text::prompt_owner(request.home, agent), prompt, present,
                              "payload.greeting");
    return {file, prompt, "agent '" + agent + "' greets with '" + greeting + "'"};
  }
};

}  // namespace

JARVIS_PLUGIN(Greeting, "@NAME@", "0.1.0")
