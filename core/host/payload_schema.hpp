#pragma once

#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Whether `schema` is a JSON Schema (draft 4) of the subset that is enforced here: type,
 * properties, required, additionalProperties, items (one schema), enum, minLength, maxLength,
 * minItems, maxItems, minimum, maximum, pattern, and the annotations $schema, title, description
 * and default. Any other keyword, a keyword's value of another type, and a pattern that the
 * validator cannot compile are refused: a validator that ignores one would accept what its author
 * meant to forbid. The error names the place ("schema.properties.agent"). */
Result<void> check_schema(const json::object& schema);

/** Checks `value` against a schema that passed check_schema. The error names the field below `what`
 *  ("payload.agent") and the rule that it breaks. Text with a NUL is refused, because patterns do
 * not look behind one. */
Result<void> check_against_schema(const json::object& value, const json::object& schema,
                                  const std::string& what);

}  // namespace jarvis
