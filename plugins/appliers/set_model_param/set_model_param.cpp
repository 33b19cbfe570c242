#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/student_parameters.hpp>
#include <jarvis/text/student_settings.hpp>

namespace {

namespace json = boost::json;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

/** OpenJarvis keeps the parameters of the model that answers, and of no other. */
void require_model_in_use(const text::TomlDocument& config, const std::string& model) {
  const std::string used =
      text::text_of(config, text::model_setting("general", text::Dialect::openjarvis));
  if (!used.empty() && used != model)
    throw sdk::refused("OpenJarvis has no parameters of model '" + model +
                           "' alone: they hold for the model that answers",
                       "that is '" + used + "' (intelligence.default_model)");
}

class SetModelParam : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string model = text::require_model(request.payload, "model");
    const text::Parameter& parameter = text::require_parameter(request.payload);
    const json::value value = text::require_parameter_value(request.payload, parameter);
    text::TomlDocument config = text::read_staged_config(request.home);
    const text::Dialect dialect = text::dialect_of(config);
    if (dialect == text::Dialect::openjarvis) require_model_in_use(config, model);
    const text::Setting setting =
        text::model_parameter_setting(model, std::string(parameter.name), dialect);
    return text::set_number(config, text::require_place(setting, parameter, value, dialect), value);
  }
};

}  // namespace

JARVIS_PLUGIN(SetModelParam, "set-model-param", "0.1.0")
