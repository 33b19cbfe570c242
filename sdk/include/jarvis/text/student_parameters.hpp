#pragma once

#include <jarvis/sdk/json.hpp>
#include <jarvis/text/student_settings.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace jarvis::text {

namespace json = boost::json;

/** A number that steers a model or an agent. Its range is that of the providers' protocols: tokens,
 * turns and top_k are counts, the rest have no unit. */
struct Parameter {
  std::string_view name;  ///< as it stands in config.toml
  bool whole;       ///< an integer; else a floating-point number, also when the value is round
  double smallest;  ///< may be set itself
  double largest;   ///< may be set itself

  /** True for what may be set: in range, and whole where it must be. */
  bool takes(double value) const;
  /** "a whole number from 1 to 100". */
  std::string wanted() const;
};

/** Every parameter that there is, for agents and models alike. Lives until the program ends, as
 * what the functions below point to. */
const std::vector<Parameter>& parameters();

/** The parameter of that name, nullptr when there is none. */
const Parameter* find_parameter(std::string_view name);

/** The parameter that `payload.param` names. Throws JARVIS_REFUSED for an unknown one, with the
 * known ones in the hint, JARVIS_INVALID for what is no visible text. */
const Parameter& require_parameter(const json::object& payload);

/** The place of a parameter's `setting`, for an edit to write `value` there. Throws JARVIS_REFUSED
 * where the setting has none, and for a limit of tokens that OpenJarvis would raise. */
TomlPath require_place(const Setting& setting, const Parameter& parameter, const json::value& value,
                       Dialect dialect);

/** `payload.value` as the number that is written: an integer for a whole one. Throws
 * JARVIS_INVALID for what is no number, JARVIS_REFUSED for what the parameter does not take. */
json::value require_parameter_value(const json::object& payload, const Parameter& parameter);

}  // namespace jarvis::text
