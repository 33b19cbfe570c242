#pragma once

#include <string>
#include <vector>

#include "core/home/checkpoint/git_handles.hpp"
#include "core/ports/checkpoint.hpp"

namespace jarvis::git {

struct RevertChain {
  git_oid tip{};
  std::vector<RevertedCommit> reverted;
};

/** Writes one revert commit for each of `commits` on top of `head`, in memory and in the object
 * store only: no reference moves, no file changes. Throws Failure(refused) for a conflict, with its
 * paths, for a commit that is not in the history of `head`, and for the first commit and merges. */
RevertChain write_reverts(git_repository* repository, const git_oid& head,
                          const std::vector<std::string>& commits,
                          const std::vector<CommitRequest>& messages);

}  // namespace jarvis::git
