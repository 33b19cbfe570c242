#pragma once

#include "core/model/edit.hpp"
#include "core/model/json.hpp"

namespace jarvis {

/** An edit as plan.json, session.json and the review queue hold it: OpenJarvis' keys, then our own.
 */
json::object to_json(const Edit& edit);

/** Throws sdk::Failure naming the field that is missing or wrong. */
Edit edit_from_json(const json::object& object);

}  // namespace jarvis
