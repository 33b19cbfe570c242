#include "core/home/live_home.hpp"

#include "core/home/beneath.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

LiveHome::LiveHome(fs::path root) : root_(std::move(root)) {}

Result<std::string> LiveHome::read(const std::string& relative) const {
  return read_beneath(root_, relative,
                      is_tracked_place(relative) ? Links::inside_or_last_part : Links::inside);
}

Result<std::vector<std::string>> LiveHome::tracked_files() const {
  std::vector<std::string> files;
  for (const char* place : {kAgentsFolder, kConfigFile, kToolsFolder}) {
    const auto found = files_beneath(root_, place, NestedRepositories::skip);
    if (!found) return found.error();
    std::error_code ignored;
    for (const FoundFile& file : *found)
      if (is_tracked_place(file.path) && fs::is_regular_file(root_ / file.path, ignored))
        files.push_back(file.path);
  }
  return files;
}

}  // namespace jarvis
