#pragma once

#include <jarvis/text/toml_document.hpp>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Lays the user's [learning.distillation] over the defaults: unknown keys and wrong types are
 * errors that name file, line and key. Gives the merged table. */
Result<json::object> merged_distillation(const text::TomlDocument& user,
                                         const text::TomlDocument& defaults);

}  // namespace jarvis
