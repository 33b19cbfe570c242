#include <algorithm>
#include <array>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>
#include <jarvis/text/student_settings.hpp>

namespace {

namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

constexpr std::array<std::string_view, 5> kQueryClasses{"code", "math", "short", "long", "general"};

std::string require_query_class(const sdk::json::object& payload) {
  std::string query_class = text::require_text(payload, "query_class");
  if (std::find(kQueryClasses.begin(), kQueryClasses.end(), query_class) == kQueryClasses.end())
    throw sdk::invalid("field 'payload.query_class' is no query class: '" + query_class + "'",
                       "use code, math, short, long or general");
  return query_class;
}

class SetModelForQueryClass : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string query_class = require_query_class(request.payload);
    const std::string model = text::require_model(request.payload, "model");
    text::TomlDocument config = text::read_staged_config(request.home);
    const text::TomlPath path = text::model_setting(query_class, text::dialect_of(config)).place;
    if (path.empty())
      throw sdk::refused("OpenJarvis sends the queries of all classes to one model",
                         "that model is the one of class 'general'");
    const sdk::json::value* present = config.find(path);
    if (present && *present == sdk::json::value(sdk::json::string(model)))
      throw sdk::refused("no change: class '" + query_class + "' goes to '" + model + "' already");
    config.set(path, sdk::json::string(model));
    return {text::kConfigFile, config.text(),
            "queries of class '" + query_class + "' go to '" + model + "'"};
  }
};

}  // namespace

JARVIS_PLUGIN(SetModelForQueryClass, "set-model-for-query-class", "0.1.0")
