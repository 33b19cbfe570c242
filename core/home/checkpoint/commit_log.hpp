#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

struct CommitLine {
  std::string id;  ///< full
  std::string subject;
};

/** The newest commits of the home's checkpoint repository, newest first. */
Result<std::vector<CommitLine>> commit_log(const std::filesystem::path& home, std::size_t limit);

/** When these commits were made, in unix seconds, by full id. What is no commit of the repository
 * is left out. */
Result<std::map<std::string, double>> commit_times(const std::filesystem::path& home,
                                                   const std::vector<std::string>& ids);

}  // namespace jarvis
