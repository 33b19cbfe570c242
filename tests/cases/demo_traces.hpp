#pragma once

#include <filesystem>
#include <vector>

#include "core/model/trace.hpp"

namespace jarvis::testing {

/** Makes the demo's home, without traces.db; gives the traces that belong there. Throws. */
std::vector<Trace> make_home_without_traces(const std::filesystem::path& home);

/** Makes traces.db of these. Throws. */
void store_traces(const std::filesystem::path& home, const std::vector<Trace>& traces);

}  // namespace jarvis::testing
