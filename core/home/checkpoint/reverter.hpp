#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/home/checkpoint/git_handles.hpp"
#include "core/ports/checkpoint.hpp"

namespace jarvis::git {

struct RevertChain {
  git_oid tip{};
  std::vector<RevertedCommit> reverted;  ///< newest first
};

/** Writes one revert commit for each of `commits` on top of `tip`, the newest of them first,
 * whatever their order: in the object store only, no reference moves and no file changes. A commit
 * whose effect is gone already gets none. A file that the user deleted stays so. Throws
 * Failure(refused): for a conflict, with its lines, for a commit that is not in the history of
 * `tip`, for the first commit and merges. */
RevertChain write_reverts(git_repository* repository, const std::filesystem::path& home,
                          const git_oid& tip, const std::vector<std::string>& commits,
                          const std::vector<CommitRequest>& messages);

}  // namespace jarvis::git
