#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/home/checkpoint/git_handles.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis::git {

struct Entry {
  git_oid id{};
  std::uint32_t mode = 0;
};

/** True for the same bytes of the same kind (file or link); whether a file is executable does not
 * count. */
bool same_content(const Entry& one, const Entry& other);

/** Every file of a tree, by its path. */
using Entries = std::map<std::string, Entry>;
Entries entries_of(const git_tree* tree);

/** The tracked places as they are on disk. With `write` their content becomes blobs of the
 * repository, else only the ids are computed. Links are entries of their own; sockets and the like
 * are left out. */
Entries entries_on_disk(git_repository* repository, const std::filesystem::path& home, bool write);

std::string blob_text(git_repository* repository, const git_oid& id);

/** The parts of `entries` that lie outside the tracked places. */
std::vector<std::string> foreign_paths(const Entries& entries);

git_oid write_tree(git_repository* repository, const Entries& entries);
/** `base` with the changes applied; each file keeps its mode. Writes the blobs. */
Entries with_changes(git_repository* repository, Entries base,
                     const std::vector<FileChange>& changes);

/** The differences as changes of content. Throws Failure(refused) for a link. */
std::vector<FileChange> changes_between(git_repository* repository, const Entries& before,
                                        const Entries& after);

/** Brings the index up to date for `paths`, and leaves what the user staged elsewhere. An index
 * that another program keeps locked is left to git: it is only a cache. */
void refresh_index(git_repository* repository, const Entries& entries,
                   const std::vector<std::string>& paths);

}  // namespace jarvis::git
