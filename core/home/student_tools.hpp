#pragma once

#include <jarvis/sdk/payload/generate.hpp>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis {

/** The tools that the student may be given, sorted: those that its runner offers, those that the
 * home's tools/descriptions.toml describes and those that its config.toml names, each with the
 * home's description (empty where it has none). Parameters are not known here. */
Result<std::vector<sdk::ToolDefinition>> student_tools(
    const HomeView& home, const std::vector<std::string>& offered_by_runner);

}  // namespace jarvis
