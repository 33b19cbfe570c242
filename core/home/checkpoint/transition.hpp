#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/home/checkpoint/git_checkpoint.hpp"
#include "core/home/checkpoint/tree.hpp"

namespace jarvis::git {

/** What is to become true at once: the branch at `to`, and the files as its commit has them. */
struct Transition {
  git_oid from{};
  git_oid to{};
  /** The commit that the live files are as now: `from`, or one of the user's own changes. */
  git_oid live{};
  std::string reason;
  std::vector<RevertedCommit> reverted = {};
  TakenBack what = TakenBack::edits;
};

/** Throws Failure(retryable) when another git program is at work for longer than a moment. */
void refuse_locked(git_repository* repository, const std::filesystem::path& home);

/** All or none of it; the way there is noted, so that recover_transition() can finish it. The note
 * of commits that were taken back stays until somebody has recorded them. Throws Failure: dirty
 * when a file is not as `live` has it, with nothing changed. */
void carry_out(git_repository* repository, const std::filesystem::path& home,
               const Transition& step);

/** Finishes or drops the transition that a sudden end of the program interrupted. Its note stays
 * where the report tells of commits that were taken back. */
RecoveryReport recover_transition(const std::filesystem::path& home);

}  // namespace jarvis::git
