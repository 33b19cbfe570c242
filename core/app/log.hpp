#pragma once

#include <filesystem>
#include <string>

namespace jarvis {

/** Sends the log to stderr (warnings; with verbosity 1 information, with 2 everything) and, where
 * `folder` is not empty, to `<folder>/<name>` as well, which is private and rotated. */
void start_log(int verbosity, const std::filesystem::path& folder = {},
               const std::string& name = "jarvis.log");

}  // namespace jarvis
