#pragma once

#include <cstddef>
#include <filesystem>
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

}  // namespace jarvis
