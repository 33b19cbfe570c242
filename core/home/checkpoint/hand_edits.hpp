#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/home/checkpoint/tree.hpp"

namespace jarvis::git {

/** The paths of tracked places whose files are not as `committed` has them, sorted; what is not
 * tracked there yet is among them. */
std::vector<std::string> paths_changed_by_hand(git_repository* repository,
                                               const std::filesystem::path& home,
                                               const Entries& committed);

/** A commit of what the user changed. */
struct ManualCommit {
  git_oid id{};
  Entries entries;
  std::vector<std::string> paths;  ///< what differs from its parent, sorted
};

/** Writes what the user changed by hand as a commit on top of `head`: in the object store only, no
 * reference moves and no file is touched. Nothing when all is as in `head`. Throws Failure:
 * configuration for a config.toml that does not hold, refused for what git cannot keep, dirty when
 * files change while they are read. */
std::optional<ManualCommit> write_manual_commit(git_repository* repository,
                                                const std::filesystem::path& home,
                                                const git_oid& head);

}  // namespace jarvis::git
