#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace jarvis::testing {

/** What a user does with git in a home: commits these files as they are now, in the repository that
 * is there or a new one. */
void commit_by_user(const std::filesystem::path& home, const std::vector<std::string>& files);

}  // namespace jarvis::testing
