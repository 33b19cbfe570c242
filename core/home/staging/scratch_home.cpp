#include "core/home/staging/scratch_home.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/atomic_file.hpp"
#include "core/home/beneath.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** No fsync: a stage is worth nothing after a crash. */
Result<void> write_new_file(const fs::path& path, const std::string& text) {
  if (auto made = make_private_directory(path.parent_path()); !made) return made;
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  std::size_t done = 0;
  ssize_t count = file < 0 ? -1 : 0;
  while (count >= 0 && done < text.size()) {
    count = ::write(file, text.data() + done, text.size() - done);
    if (count > 0) done += static_cast<std::size_t>(count);
  }
  const int code = errno;
  if (file >= 0) ::close(file);
  if (count >= 0) return {};
  return Error{ErrorKind::io, "cannot write '" + path.string() + "': " + std::strerror(code),
               "check the space on the disk"};
}

Error special(const FoundFile& file, const fs::path& root) {
  std::error_code ignored;
  const std::string what =
      file.kind == FoundKind::link
          ? "a symbolic link to '" + fs::read_symlink(root / file.path, ignored).string() + "'"
          : "not a regular file";
  return {ErrorKind::refused, "'" + file.path + "' was made " + what,
          "an edit may only write files"};
}

}  // namespace

ScratchHome::ScratchHome(fs::path root) : root_(std::move(root)) {}

ScratchHome::~ScratchHome() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

Result<void> ScratchHome::add(const std::string& path, const std::string& text,
                              const std::string& link_target) {
  if (auto written = write_new_file(root_ / path, text); !written) return written;
  base_[path] = text;
  if (!link_target.empty()) links_[path] = link_target;
  return {};
}

Result<std::string> ScratchHome::read(const std::string& relative) const {
  return read_beneath(root_, relative, Links::none);
}

Result<std::vector<std::string>> ScratchHome::tracked_files() const {
  const auto found = files_beneath(root_, "", NestedRepositories::include);
  if (!found) return found.error();
  std::vector<std::string> files;
  for (const FoundFile& file : *found)
    if (file.kind == FoundKind::file && is_tracked_place(file.path)) files.push_back(file.path);
  return files;
}

Result<std::vector<FileChange>> ScratchHome::changes() const {
  const auto found = files_beneath(root_, "", NestedRepositories::include);
  if (!found) return found.error();
  std::map<std::string, FileChange> changed;
  for (const auto& [path, text] : base_) changed[path] = {path, text, std::nullopt};
  for (const FoundFile& file : *found) {
    if (file.kind != FoundKind::file) return special(file, root_);
    const auto text = read_file(root_ / file.path);
    if (!text) return text.error();
    FileChange& change = changed[file.path];
    change.path = file.path;
    change.after = *text;
  }
  std::vector<FileChange> changes;
  for (auto& [path, change] : changed) {
    if (change.before == change.after) continue;
    if (const auto link = links_.find(path); link != links_.end())
      return Error{ErrorKind::refused,
                   "'" + path + "' is a symbolic link to '" + link->second + "' and is not edited",
                   "replace the link by the file itself, or edit its target by hand"};
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace jarvis
