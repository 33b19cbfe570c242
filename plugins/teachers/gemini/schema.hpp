#pragma once

#include <jarvis/sdk/json.hpp>

namespace jarvis::gemini {

namespace json = boost::json;

/** A JSON Schema as the provider takes it: it refuses every keyword beyond a subset. What has a
 * counterpart there is rewritten, the rest is left out; the host checks the arguments anyway. */
json::object schema_of(const json::object& schema);

}  // namespace jarvis::gemini
