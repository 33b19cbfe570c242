#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
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

/** One file or link of the home as it is on disk; nothing where there is none, or a socket or the
 * like. With `write` its content becomes a blob of the repository, else only the id is computed.
 * Throws Failure, naming the path, for what cannot be read. */
std::optional<Entry> entry_on_disk(git_repository* repository, const std::filesystem::path& home,
                                   const std::string& path, bool write);
/** All of them in the tracked places. */
Entries entries_on_disk(git_repository* repository, const std::filesystem::path& home, bool write);

std::string blob_text(git_repository* repository, const git_oid& id);

/** The parts of `entries` that lie outside the tracked places. */
std::vector<std::string> foreign_paths(const Entries& entries);

/** Throws Failure(refused), naming the path, for a name that git cannot keep. */
git_oid write_tree(git_repository* repository, const Entries& entries);
/** `base` with the changes applied; each file keeps its mode. Writes the blobs. */
Entries with_changes(git_repository* repository, Entries base,
                     const std::vector<FileChange>& changes);

/** The paths whose entries differ. */
std::vector<std::string> differing_paths(const Entries& before, const Entries& after);

/** The differences as changes of content. Throws Failure(refused) for a link. */
std::vector<FileChange> changes_between(git_repository* repository, const Entries& before,
                                        const Entries& after);

/** Brings the index up to date for `paths`, and leaves what the user staged elsewhere. An index
 * that another program keeps locked is left to git: it is only a cache. */
void refresh_index(git_repository* repository, const Entries& entries,
                   const std::vector<std::string>& paths);

}  // namespace jarvis::git
