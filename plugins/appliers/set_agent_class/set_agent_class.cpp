#include <algorithm>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/prompt.hpp>
#include <jarvis/text/student_settings.hpp>

namespace {

namespace json = boost::json;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

std::string require_class(const json::object& payload) {
  std::string name = text::require_text(payload, "new_class");
  const auto& known = text::agent_classes();
  if (std::none_of(known.begin(), known.end(), [&](const auto& each) { return each.name == name; }))
    throw sdk::refused("field 'payload.new_class' is no known class: '" + name + "'",
                       "use one of " + text::agent_class_names());
  return name;
}

/** Whether the agent is of that class now. A class that no runner knows may be replaced. */
bool is_of_class(const text::TomlDocument& config, const std::string& agent,
                 const std::string& name) {
  const std::string set = text::text_of(config, text::agent_class_setting(agent));
  if (!set.empty()) return set == name;
  return text::agent_class_of(config, agent).name == name;
}

class SetAgentClass : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const std::string name = require_class(request.payload);
    text::TomlDocument config = text::read_staged_config(request.home);
    const text::TomlPath place = text::agent_class_setting(agent, text::dialect_of(config)).place;
    if (place.empty())
      throw sdk::refused("OpenJarvis has no class of agent '" + agent +
                             "' that could be set: what an agent is follows from its name",
                         "change its prompt, its tools or the model instead");
    text::require_own_table(agent);
    if (is_of_class(config, agent, name))
      throw sdk::refused("no change: agent '" + agent + "' is of class '" + name + "' already");
    if (const auto prompt = text::read_staged_file(request.home, text::prompt_file(agent)))
      text::require_formattable({agent, name}, *prompt);
    config.set(place, json::string(name));
    return {text::kConfigFile, config.text(),
            "agent '" + agent + "' becomes one of class '" + name + "'"};
  }
};

}  // namespace

JARVIS_PLUGIN(SetAgentClass, "set-agent-class", "0.1.0")
