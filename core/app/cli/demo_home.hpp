#pragma once

#include <filesystem>
#include <vector>

#include "core/model/result.hpp"
#include "core/model/trace.hpp"

namespace jarvis {

/** Writes a made-up home for the rehearsal teacher, student and judge: config.toml with comments, a
 * prompt and tool descriptions. Gives the traces that belong into its trace store: 60 word problems
 * with the answers of the rehearsal's small model, rated 1 where they are right and 0 where not.
 * The same every time. Refused when the directory already holds a config.toml. */
Result<std::vector<Trace>> make_demo_home(const std::filesystem::path& home);

}  // namespace jarvis
