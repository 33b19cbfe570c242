#pragma once

#include <string>
#include <vector>

#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/privacy.hpp"

namespace jarvis {

/** Puts the redacted texts back into the payload of an edit, where each of them stands in a file
 * that the edit changes already: so no secret ever goes from a trace into a committed file. refused
 * for any other placeholder; then the payload is as it was. `touches` is the op's. */
Result<void> restore_placeholders(json::object& payload, const std::vector<std::string>& touches,
                                  const HomeView& home, const Privacy& privacy);

}  // namespace jarvis
