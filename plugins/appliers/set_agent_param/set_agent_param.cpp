#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
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
    text::require_own_table(agent);
    text::TomlDocument config = text::read_staged_config(request.home);
    const text::TomlPath place =
        text::agent_parameter_setting(agent, {}, std::string(parameter.name)).place;
    return text::set_number(config, place, value);
  }
};

}  // namespace

JARVIS_PLUGIN(SetAgentParam, "set-agent-param", "0.1.0")
