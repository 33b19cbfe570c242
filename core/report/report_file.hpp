#pragma once

#include <filesystem>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** Writes what is meant for somebody else to a file of the user's choice: whole or not at all, and
 * readable by the user alone. refused where something other than a regular file is in the way; a
 * link is not followed. */
Result<void> write_report_file(const std::filesystem::path& file, const std::string& text);

}  // namespace jarvis
