#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/student_parameters.hpp>
#include <jarvis/text/student_settings.hpp>

namespace {

namespace json = boost::json;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

class SetAgentParam : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const text::Parameter& parameter = text::require_parameter(request.payload);
    const json::value value = text::require_parameter_value(request.payload, parameter);
    text::TomlDocument config = text::read_staged_config(request.home);
    text::require_changeable_agent(config, agent);
    const text::Dialect dialect = text::dialect_of(config);
    const text::Setting setting =
        text::agent_parameter_setting(agent, {}, std::string(parameter.name), dialect);
    const text::TomlPath place = text::require_place(setting, parameter, value, dialect);
    if (dialect == text::Dialect::openjarvis && parameter.name == "max_turns")
      text::require_tool_agent(config, agent);
    return text::set_number(config, place, value);
  }
};

}  // namespace

JARVIS_PLUGIN(SetAgentParam, "set-agent-param", "0.1.0")
