#pragma once

#include "core/model/json.hpp"
#include "core/model/result.hpp"

#include <string>

namespace jarvis {

/** Whether `schema` is a JSON Schema (draft 4) of the subset that is enforced here: type, properties,
 *  required, additionalProperties, items, enum, minLength, maxLength, minItems, maxItems, minimum, maximum,
 *  pattern, and the annotations title, description and default. Any other keyword is refused, because a
 *  validator that ignores one would accept what its author meant to forbid. */
Result<void> check_schema(const json::object& schema);

/** Checks `value` against a schema that passed check_schema. The error names the field below `what`
 *  ("payload.agent") and the rule that it breaks. */
Result<void> check_against_schema(const json::object& value, const json::object& schema,
                                  const std::string& what);

}  // namespace jarvis
