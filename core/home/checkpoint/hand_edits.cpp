#include "core/home/checkpoint/hand_edits.hpp"

#include <algorithm>

#include "core/home/beneath.hpp"
#include "core/home/checkpoint/committed_home.hpp"
#include "core/home/checkpoint/repository.hpp"
#include "core/home/paths.hpp"
#include "core/home/settings/settings.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSubject = "Manual changes\n";
constexpr int kAttempts = 3;  ///< at reading files that change at the same time

std::vector<std::string> changed(const Entries& committed, const Entries& live) {
  const std::vector<std::string> foreign = foreign_paths(committed);
  std::vector<std::string> paths;
  for (const auto& [path, entry] : live)
    if (const auto found = committed.find(path);
        found == committed.end() || !same_content(found->second, entry))
      paths.push_back(path);
  for (const auto& [path, entry] : committed)
    if (!live.contains(path) && entry.mode != GIT_FILEMODE_COMMIT &&
        std::find(foreign.begin(), foreign.end(), path) == foreign.end())
      paths.push_back(path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

/** Whether a folder on the way to the path is a file or a link now. */
bool is_below_a_file(const std::string& path, const Entries& live) {
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1))
    if (live.contains(path.substr(0, at))) return true;
  return false;
}

/** What is still there and yet not among the files was not deleted. */
void refuse_hidden(const fs::path& home, const std::string& path, const Entries& live) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(home / path, ignored);
  if (!fs::exists(status) || fs::is_directory(status) || is_below_a_file(path, live)) return;
  if (fs::is_regular_file(status))
    throw Failure{{ErrorKind::refused,
                   "'" + path + "' is tracked, and lies in a git repository of its own now",
                   "move the '.git' in the folders above it away"}};
  throw Failure{{ErrorKind::refused,
                 "'" + path + "' is tracked, and is not a regular file any more",
                 "put a file in its place, or remove it"}};
}

/** No session could read it. */
void refuse_unsafe(const std::string& path) {
  if (is_safe_relative_path(path)) return;
  throw Failure{
      {ErrorKind::refused,
       "'" + path + "' cannot be tracked: control characters in its name, or a name of git's",
       "rename it, or move it out of the places that are tracked"}};
}

/** The content on the disk as a blob. Nothing when it is not what `live` has any more. */
std::optional<Entry> stored(git_repository* repository, const fs::path& home,
                            const std::string& path, const Entry& live) {
  const std::optional<Entry> entry = entry_on_disk(repository, home, path, true);
  if (!entry || !same_content(*entry, live)) return std::nullopt;
  return entry;
}

/** `committed` with the live files in it; nothing when one changed while it was read. */
std::optional<Entries> with_hand_edits(git_repository* repository, const fs::path& home,
                                       const Entries& committed, const Entries& live,
                                       const std::vector<std::string>& paths) {
  Entries entries = committed;
  for (const std::string& path : paths) {
    const auto found = live.find(path);
    if (found == live.end()) {
      refuse_hidden(home, path, live);
      entries.erase(path);
      continue;
    }
    refuse_unsafe(path);
    const auto entry = stored(repository, home, path, found->second);
    if (!entry) return std::nullopt;
    entries[path] = *entry;
  }
  return entries;
}

void require_sound_config(git_repository* repository, const fs::path& home,
                          const Entries& entries) {
  required(load_settings(CommittedHome(repository, home, entries)));
}

}  // namespace

std::vector<std::string> paths_changed_by_hand(git_repository* repository, const fs::path& home,
                                               const Entries& committed) {
  return changed(committed, entries_on_disk(repository, home, false));
}

std::optional<ManualCommit> write_manual_commit(git_repository* repository, const fs::path& home,
                                                const git_oid& head) {
  const Entries committed = entries_of(tree_at(repository, head).get());
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Entries live = entries_on_disk(repository, home, false);
    std::vector<std::string> paths = changed(committed, live);
    if (paths.empty()) return std::nullopt;
    auto entries = with_hand_edits(repository, home, committed, live, paths);
    if (!entries) continue;
    if (std::find(paths.begin(), paths.end(), kConfigFile) != paths.end())
      require_sound_config(repository, home, *entries);
    const git_oid tree = write_tree(repository, *entries);
    return ManualCommit{write_commit(repository, kSubject, tree, head), std::move(*entries),
                        std::move(paths)};
  }
  throw Failure{{ErrorKind::dirty, "Working tree dirty, cannot stage: files change all the time",
                 "save your changes, and try again"}};
}

}  // namespace jarvis::git
