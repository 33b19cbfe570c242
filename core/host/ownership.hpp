#pragma once

#include <filesystem>
#include <string>

namespace jarvis {

/** Why a file or folder could have been written by somebody who is not to be trusted, or nothing.
 */
std::string ownership_problem(const std::filesystem::path& path);

/** What to do about it. */
inline constexpr const char* kOwnershipHint = "chown it to yourself and chmod go-w it";

}  // namespace jarvis
