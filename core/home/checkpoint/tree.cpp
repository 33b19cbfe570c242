#include "core/home/checkpoint/tree.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/base/atomic_file.hpp"
#include "core/home/beneath.hpp"
#include "core/home/paths.hpp"

namespace jarvis::git {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kNewFile = GIT_FILEMODE_BLOB;

git_oid blob_of(git_repository* repository, const std::string& text, bool write) {
  git_oid id;
  check(write ? git_blob_create_from_buffer(&id, repository, text.data(), text.size())
              : git_odb_hash(&id, text.data(), text.size(), GIT_OBJECT_BLOB),
        "cannot store a file");
  return id;
}

std::uint32_t mode_of(const struct stat& facts) {
  return (facts.st_mode & S_IXUSR) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

Failure unreadable(Error error) {
  if (error.hint.empty())
    error.hint = "make it readable, or move it out of the places that are tracked";
  return {std::move(error)};
}

int collect(const char* folder, const git_tree_entry* entry, void* payload) {
  if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) return 0;
  (*static_cast<Entries*>(payload))[std::string(folder) + git_tree_entry_name(entry)] = {
      *git_tree_entry_id(entry), static_cast<std::uint32_t>(git_tree_entry_filemode(entry))};
  return 0;
}

git_index_entry index_entry(const std::string& path, const Entry& entry) {
  git_index_entry made{};
  made.path = path.c_str();
  made.mode = entry.mode;
  made.id = entry.id;
  return made;
}

void refuse_link(const std::string& path, const Entry* entry) {
  if (entry && entry->mode != GIT_FILEMODE_BLOB && entry->mode != GIT_FILEMODE_BLOB_EXECUTABLE)
    throw Failure{{ErrorKind::refused, "'" + path + "' is not a regular file in the history",
                   "undo that commit with git"}};
}

}  // namespace

bool same_content(const Entry& one, const Entry& other) {
  return git_oid_equal(&one.id, &other.id) != 0 &&
         (one.mode == GIT_FILEMODE_LINK) == (other.mode == GIT_FILEMODE_LINK);
}

Entries entries_of(const git_tree* tree) {
  Entries entries;
  check(git_tree_walk(tree, GIT_TREEWALK_PRE, collect, &entries), "cannot read a tree");
  return entries;
}

std::optional<Entry> entry_on_disk(git_repository* repository, const fs::path& home,
                                   const std::string& path, bool write) {
  const fs::path file = home / path;
  struct stat facts {};
  if (::lstat(file.c_str(), &facts) != 0) return std::nullopt;
  if (S_ISLNK(facts.st_mode)) {
    std::error_code gone;
    const std::string target = fs::read_symlink(file, gone).string();
    if (gone) return std::nullopt;
    return Entry{blob_of(repository, target, write), GIT_FILEMODE_LINK};
  }
  if (!S_ISREG(facts.st_mode)) return std::nullopt;
  const auto text = read_file(file);
  if (!text && text.error().kind == ErrorKind::not_found) return std::nullopt;
  if (!text) throw unreadable(text.error());
  return Entry{blob_of(repository, *text, write), mode_of(facts)};
}

Entries entries_on_disk(git_repository* repository, const fs::path& home, bool write) {
  Entries entries;
  for (const char* place : {kConfigFile, kAgentsFolder, kToolsFolder})
    for (const FoundFile& file : required(files_beneath(home, place, NestedRepositories::skip)))
      if (const auto entry = entry_on_disk(repository, home, file.path, write))
        entries[file.path] = *entry;
  return entries;
}

std::string blob_text(git_repository* repository, const git_oid& id) {
  const Blob blob = make<Blob>("cannot read a stored file", git_blob_lookup, repository, &id);
  return {static_cast<const char*>(git_blob_rawcontent(blob.get())),
          static_cast<std::size_t>(git_blob_rawsize(blob.get()))};
}

std::vector<std::string> foreign_paths(const Entries& entries) {
  std::vector<std::string> foreign;
  for (const auto& [path, entry] : entries)
    // A whole folder may be kept elsewhere and be tracked as a link.
    if (!is_tracked_place(path) && path != kAgentsFolder && path != kToolsFolder)
      foreign.push_back(path);
  return foreign;
}

git_oid write_tree(git_repository* repository, const Entries& entries) {
  const Index index = make<Index>("cannot make an index", git_index_new);
  for (const auto& [path, entry] : entries) {
    const git_index_entry made = index_entry(path, entry);
    if (git_index_add(index.get(), &made) < 0)
      throw Failure{{ErrorKind::refused, "git cannot keep a file of the name '" + path + "'",
                     "rename it, or move it out of the places that are tracked"}};
  }
  git_oid id;
  check(git_index_write_tree_to(&id, index.get(), repository), "cannot write a tree");
  return id;
}

Entries with_changes(git_repository* repository, Entries base,
                     const std::vector<FileChange>& changes) {
  for (const FileChange& change : changes) {
    if (!change.after) {
      base.erase(change.path);
      continue;
    }
    Entry& entry = base[change.path];
    if (entry.mode == 0) entry.mode = kNewFile;
    entry.id = blob_of(repository, *change.after, true);
  }
  return base;
}

std::vector<std::string> differing_paths(const Entries& before, const Entries& after) {
  std::vector<std::string> paths;
  for (const auto& [path, entry] : before)
    if (const auto found = after.find(path);
        found == after.end() || !same_content(entry, found->second))
      paths.push_back(path);
  for (const auto& [path, entry] : after)
    if (!before.contains(path)) paths.push_back(path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<FileChange> changes_between(git_repository* repository, const Entries& before,
                                        const Entries& after) {
  std::vector<FileChange> changes;
  const auto side = [&](const Entries& entries, const std::string& path) {
    const auto found = entries.find(path);
    return found == entries.end() ? nullptr : &found->second;
  };
  const auto text = [&](const Entry* entry) -> std::optional<std::string> {
    if (!entry) return std::nullopt;
    return blob_text(repository, entry->id);
  };
  for (const std::string& path : differing_paths(before, after)) {
    const Entry* old_entry = side(before, path);
    const Entry* new_entry = side(after, path);
    refuse_link(path, old_entry);
    refuse_link(path, new_entry);
    changes.push_back({path, text(old_entry), text(new_entry)});
  }
  return changes;
}

void refresh_index(git_repository* repository, const Entries& entries,
                   const std::vector<std::string>& paths) {
  constexpr int kAttempts = 20;
  const Index index = make<Index>("cannot open the index", git_repository_index, repository);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (git_index_read(index.get(), 1) < 0) return;
    for (const std::string& path : paths) {
      const auto found = entries.find(path);
      if (found == entries.end()) {
        git_index_remove(index.get(), path.c_str(), 0);
        continue;
      }
      const git_index_entry made = index_entry(path, found->second);
      git_index_add(index.get(), &made);
    }
    if (git_index_write(index.get()) != GIT_ELOCKED) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
}

}  // namespace jarvis::git
