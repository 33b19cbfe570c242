#pragma once

#include <filesystem>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** Looks at evaluations.db before it is used, thoroughly where an earlier use met damage. A damaged
 * one is set aside, so that a new one is begun; what that means is given as a sentence (empty: it
 * is sound). One of a newer program, or of another, stays. For the holder of the home's lock. */
Result<std::string> repair_evaluations(const std::filesystem::path& file);

/** Remembers beside the file that it was found damaged in use. */
void suspect_evaluations(const std::filesystem::path& file);

}  // namespace jarvis
