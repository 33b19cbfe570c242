#include "core/home/checkpoint/live_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/home/beneath.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

Error system_error(const std::string& what, const fs::path& path) {
  return {ErrorKind::io, "cannot " + what + " '" + path.string() + "': " + std::strerror(errno),
          "check the rights on it and the space on the disk"};
}

Error dirty(const std::string& paths) {
  return {ErrorKind::dirty, "Working tree dirty, cannot stage: " + paths + " changed meanwhile",
          "commit or revert the manual changes first"};
}

Result<std::optional<std::string>> live_text(const fs::path& home, const std::string& path) {
  auto text = read_beneath(home, path, Links::none);
  if (text) return std::optional<std::string>(std::move(*text));
  if (text.error().kind == ErrorKind::not_found) return std::optional<std::string>();
  return text.error();
}

Result<bool> is_as_before(const fs::path& home, const FileChange& change) {
  const auto text = live_text(home, change.path);
  if (!text) return text.error();
  return *text == change.before;
}

mode_t mode_for(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0600;
}

/** Folders that the change emptied go too, as git has no empty folders; agents/ and tools/ stay. */
void remove_empty_folders(const fs::path& home, const std::string& path) {
  for (fs::path folder = fs::path(path).parent_path(); folder.has_parent_path();
       folder = folder.parent_path())
    if (::rmdir((home / folder).c_str()) != 0) return;
}

Result<void> remove_file(const fs::path& home, const FileChange& change) {
  const fs::path path = home / change.path;
  const auto same = is_as_before(home, change);
  if (!same) return same.error();
  if (!*same) return dirty("'" + change.path + "'");
  if (::unlink(path.c_str()) != 0) return system_error("remove", path);
  const auto synced = sync_directory(path.parent_path());
  remove_empty_folders(home, change.path);
  return synced;
}

/** Moves the finished file to its place. A file that appeared where none was expected is not
 * replaced. */
Result<void> move_into_place(const fs::path& home, const fs::path& beside,
                             const FileChange& change) {
  const fs::path path = home / change.path;
  const auto same = is_as_before(home, change);
  if (!same) return same.error();
  if (!*same) return dirty("'" + change.path + "'");
  const bool moved = change.before ? ::rename(beside.c_str(), path.c_str()) == 0
                                   : ::link(beside.c_str(), path.c_str()) == 0;
  if (!moved && errno == EEXIST) return dirty("'" + change.path + "'");
  if (!moved) return system_error("replace", path);
  return sync_directory(path.parent_path());
}

Result<void> place(const fs::path& home, const FileChange& change) {
  if (!change.after) return remove_file(home, change);
  const fs::path path = home / change.path;
  if (auto made = make_private_directory(path.parent_path()); !made) return made;
  // Below .git, so that a crash leaves nothing in the tracked places.
  const fs::path beside = home / ".git" / ("jarvis-" + random_hex(16));
  auto placed = write_file_atomically(beside, *change.after, mode_for(path));
  if (placed) placed = move_into_place(home, beside, change);
  ::unlink(beside.c_str());
  if (!placed && !change.before) remove_empty_folders(home, change.path);
  return placed;
}

}  // namespace

Result<void> check_placeable(const fs::path& home, const std::vector<FileChange>& changes) {
  std::set<std::string> seen;
  for (const FileChange& change : changes) {
    const std::string name = "'" + change.path + "'";
    if (!is_safe_relative_path(change.path) || !is_tracked_place(change.path))
      return Error{ErrorKind::refused, name + " is not a place that an edit may change",
                   "only config.toml, agents/ and tools/ are tracked"};
    if (!seen.insert(change.path).second)
      return Error{ErrorKind::refused, name + " is changed twice", ""};
    if (change.before == change.after)
      return Error{ErrorKind::refused, name + " is not changed at all", ""};
    if (const auto text = live_text(home, change.path); !text) return text.error();
  }
  if (changes.empty()) return Error{ErrorKind::refused, "there is nothing to commit", ""};
  return {};
}

Result<void> check_unchanged(const fs::path& home, const std::vector<FileChange>& changes) {
  std::string different;
  for (const FileChange& change : changes) {
    const auto same = is_as_before(home, change);
    if (!same) return same.error();
    if (!*same) different += (different.empty() ? "'" : ", '") + change.path + "'";
  }
  if (different.empty()) return {};
  return dirty(different);
}

bool any_in_place(const fs::path& home, const std::vector<FileChange>& changes) {
  return std::any_of(changes.begin(), changes.end(), [&](const FileChange& change) {
    return check_unchanged(home, {{change.path, change.after, change.before}}).ok();
  });
}

Result<void> place_files(const fs::path& home, const std::vector<FileChange>& changes) {
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto placed = place(home, changes[i]);
    if (placed) continue;
    // The one that failed may be in place too, and only not be synced.
    for (std::size_t done = i + 1; done-- > 0;) {
      const FileChange& change = changes[done];
      // One that the user has changed since then stays as the user wants it.
      const auto undone = place(home, {change.path, change.after, change.before});
      static_cast<void>(undone);
    }
    return placed;
  }
  return {};
}

}  // namespace jarvis
