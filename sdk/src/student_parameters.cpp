#include <algorithm>
#include <cmath>
#include <jarvis/text/names.hpp>
#include <jarvis/text/openjarvis.hpp>
#include <jarvis/text/student_parameters.hpp>

namespace jarvis::text {

namespace {

std::string shown(double number) {
  if (number == std::floor(number)) return std::to_string(static_cast<std::int64_t>(number));
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::string range_of(const Parameter& parameter) {
  return shown(parameter.smallest) + " to " + shown(parameter.largest);
}

std::string known_names() {
  std::string names;
  for (const Parameter& parameter : parameters())
    names += (names.empty() ? "" : ", ") + std::string(parameter.name);
  return names;
}

}  // namespace

bool Parameter::takes(double value) const {
  return value >= smallest && value <= largest && (!whole || value == std::floor(value));
}

std::string Parameter::wanted() const {
  return (whole ? "a whole number from " : "a number from ") + range_of(*this);
}

const std::vector<Parameter>& parameters() {
  static const std::vector<Parameter> all{
      {"temperature", false, 0, 2},
      {"top_p", false, 0, 1},
      {"top_k", true, 1, 1000},
      {"max_tokens", true, 1, 1000000},
      {"max_turns", true, 1, 100},
      {"repetition_penalty", false, 0.1, 2},
      {"frequency_penalty", false, -2, 2},
      {"presence_penalty", false, -2, 2},
  };
  return all;
}

const Parameter* find_parameter(std::string_view name) {
  for (const Parameter& parameter : parameters())
    if (parameter.name == name) return &parameter;
  return nullptr;
}

const Parameter& require_parameter(const json::object& payload) {
  const std::string name = require_text(payload, "param");
  const Parameter* found = find_parameter(name);
  if (!found)
    throw sdk::refused("field 'payload.param' is no known parameter: '" + name + "'",
                       "use one of " + known_names());
  return *found;
}

TomlPath require_place(const Setting& setting, const Parameter& parameter, const json::value& value,
                       Dialect dialect) {
  if (setting.place.empty())
    throw sdk::refused("OpenJarvis never reads '" + std::string(parameter.name) +
                           "' when it runs a model: the edit would have no effect",
                       "it reads temperature, max_tokens and max_turns");
  if (dialect == Dialect::openjarvis && parameter.name == "max_tokens" &&
      value.to_number<double>() < kOpenJarvisLeastTokens)
    throw sdk::refused("OpenJarvis raises 'max_tokens' to " +
                           std::to_string(kOpenJarvisLeastTokens) +
                           " at least: " + json::serialize(value) + " would not hold",
                       "use " + std::to_string(kOpenJarvisLeastTokens) + " or more");
  return setting.place;
}

json::value require_parameter_value(const json::object& payload, const Parameter& parameter) {
  const json::value* value = payload.if_contains("value");
  if (!value) throw sdk::invalid("field 'payload.value' is missing");
  if (!value->is_number()) throw sdk::invalid("field 'payload.value' is not a number");
  const double number = value->to_number<double>();
  if (!(number >= parameter.smallest && number <= parameter.largest))
    throw sdk::refused("field 'payload.value' is out of range: " + json::serialize(*value),
                       std::string(parameter.name) + " goes from " + range_of(parameter));
  if (!parameter.takes(number))
    throw sdk::refused("field 'payload.value' is not a whole number: " + json::serialize(*value));
  if (parameter.whole) return static_cast<std::int64_t>(number);
  return number == 0 ? 0.0 : number;  // no minus before a nought
}

}  // namespace jarvis::text
