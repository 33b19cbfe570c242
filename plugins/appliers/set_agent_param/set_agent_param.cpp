#include <algorithm>
#include <array>
#include <cmath>
#include <jarvis/text/file_edit.hpp>
#include <jarvis/text/names.hpp>

namespace {

namespace json = boost::json;
namespace sdk = jarvis::sdk;
namespace text = jarvis::text;

struct Parameter {
  std::string_view name;
  bool whole;  ///< an integer; else a floating-point number, also when the value is round
  double smallest;
  double largest;
};

constexpr std::array<Parameter, 8> kParameters{{
    {"temperature", false, 0, 2},
    {"top_p", false, 0, 1},
    {"top_k", true, 1, 1000},
    {"max_tokens", true, 1, 1000000},
    {"max_turns", true, 1, 100},
    {"repetition_penalty", false, 0.1, 2},
    {"frequency_penalty", false, -2, 2},
    {"presence_penalty", false, -2, 2},
}};

std::string known_names() {
  std::string names;
  for (const Parameter& parameter : kParameters)
    names += (names.empty() ? "" : ", ") + std::string(parameter.name);
  return names;
}

const Parameter& require_parameter(const json::object& payload) {
  const std::string name = text::require_text(payload, "param");
  const auto found =
      std::find_if(kParameters.begin(), kParameters.end(),
                   [&](const Parameter& parameter) { return parameter.name == name; });
  if (found == kParameters.end())
    throw sdk::refused("field 'payload.param' is no known parameter: '" + name + "'",
                       "use one of " + known_names());
  return *found;
}

json::value require_value(const json::object& payload, const Parameter& parameter) {
  const json::value* value = payload.if_contains("value");
  if (!value) throw sdk::invalid("field 'payload.value' is missing");
  if (!value->is_number()) throw sdk::invalid("field 'payload.value' is not a number");
  const double number = value->to_number<double>();
  if (!(number >= parameter.smallest && number <= parameter.largest))
    throw sdk::refused("field 'payload.value' is out of range: " + json::serialize(*value),
                       std::string(parameter.name) + " goes from " +
                           json::serialize(json::value(parameter.smallest)) + " to " +
                           json::serialize(json::value(parameter.largest)));
  if (!parameter.whole) return number;
  if (number != std::floor(number))
    throw sdk::refused("field 'payload.value' is not a whole number: " + json::serialize(*value));
  return static_cast<std::int64_t>(number);
}

class SetAgentParam : public text::FileEditApplier {
 protected:
  text::FileEdit edited(const sdk::EditRequest& request) const override {
    const std::string agent = text::require_name(request.payload, "agent");
    const Parameter& parameter = require_parameter(request.payload);
    const json::value value = require_value(request.payload, parameter);
    text::TomlPath path = text::agent_table(agent);
    path.emplace_back(parameter.name);
    text::TomlDocument config = text::read_staged_config(request.home);
    const json::value* present = config.find(path);
    const std::string written = text::dotted(path) + " = " + json::serialize(value);
    if (present && present->is_number() &&
        present->to_number<double>() == value.to_number<double>())
      throw sdk::refused("no change: " + written + " stands in config.toml already");
    config.set(path, value);
    return {"config.toml", config.text(), written};
  }
};

}  // namespace

JARVIS_PLUGIN(SetAgentParam, "set-agent-param", "0.1.0")
