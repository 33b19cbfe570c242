#include "core/home/checkpoint/committed_home.hpp"

#include "core/home/beneath.hpp"
#include "core/home/live_home.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

CommittedHome::CommittedHome(git_repository* repository, fs::path home, Entries entries)
    : repository_(repository), home_(std::move(home)), entries_(std::move(entries)) {}

Result<std::string> CommittedHome::read(const std::string& relative) const {
  const auto found = entries_.find(relative);
  if (found == entries_.end() || found->second.mode == GIT_FILEMODE_COMMIT)
    return Error{ErrorKind::not_found, "'" + relative + "' is not in the commit", ""};
  if (found->second.mode == GIT_FILEMODE_LINK) return LiveHome(home_).read(relative);
  return guarded<std::string>([&] { return blob_text(repository_, found->second.id); });
}

Result<std::vector<std::string>> CommittedHome::tracked_files() const {
  std::vector<std::string> files;
  std::error_code ignored;
  for (const auto& [path, entry] : entries_) {
    if (!is_tracked_place(path) || entry.mode == GIT_FILEMODE_COMMIT) continue;
    if (entry.mode != GIT_FILEMODE_LINK || fs::is_regular_file(home_ / path, ignored))
      files.push_back(path);
  }
  return files;
}

}  // namespace jarvis::git
