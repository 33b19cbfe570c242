#pragma once

#include <vector>

#include "core/host/manifest.hpp"
#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** refused ("no effect on this student: …") when a change lies outside what the student's runner
 * honours in that dialect: a candidate that the student cannot notice would make the gate measure
 * noise. What a runner honours holds in every dialect for which its manifest says nothing else. */
Result<void> check_honoured(const std::vector<FileChange>& changes, const Provided& runner,
                            const std::string& dialect = kOwnDialect);

/** The same for an edit that is about a tool (`payload.tool_name`) which the runner does not offer.
 * A runner that lists no tools may offer any. */
Result<void> check_tool_offered(const json::object& payload, const Provided& runner);

}  // namespace jarvis
