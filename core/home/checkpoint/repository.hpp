#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/home/checkpoint/git_handles.hpp"

namespace jarvis::git {

/** Opens <home>/.git. Throws Failure: not_found when there is none, refused when it is bare, lies
 * elsewhere, is in the middle of a merge or rebase, or has a detached HEAD. */
Repository open(const std::filesystem::path& home);

/** Makes a repository in the folder (0700), to be moved to <home>/.git when it has its first
 * commit: branch "main", no template, no hooks, a note that leaves everything but the tracked
 * places out of `git status`. */
Repository create(const std::filesystem::path& folder);

/** The full name of the branch that HEAD stands for. */
std::string branch_of(git_repository* repository);

/** The newest commit; nothing when there is none yet. */
std::optional<git_oid> head_of(git_repository* repository);
/** As head_of. Throws Failure(not_found) when there is none yet. */
git_oid required_head(git_repository* repository);

/** Whether `ancestor` is a commit on the way that led to `commit`, and not this one. */
bool descends_from(git_repository* repository, const git_oid& commit, const git_oid& ancestor);

/** The newest commit that this program wrote, on the way from the newest one to its first parents;
 * nothing when there is none near. */
std::optional<git_oid> newest_own(git_repository* repository);

Commit commit_at(git_repository* repository, const git_oid& id);
Tree tree_at(git_repository* repository, const git_oid& commit);

/** Writes a commit object with this program's identity; moves no reference. */
git_oid write_commit(git_repository* repository, const std::string& message, const git_oid& tree,
                     std::optional<git_oid> parent);

/** Moves the branch from `expected` (nothing = unborn) to `id`; fails with `dirty` when it stands
 * elsewhere. */
void move_branch(git_repository* repository, const std::string& branch,
                 std::optional<git_oid> expected, const git_oid& id, const std::string& reason);

}  // namespace jarvis::git
