#pragma once

#include <filesystem>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** Refuses changes that cannot be put in place: a path outside the tracked places, twice the same
 * path, a path reached through a symbolic link (whose target is named), a change that changes
 * nothing. */
Result<void> check_placeable(const std::filesystem::path& home,
                             const std::vector<FileChange>& changes);

/** Fails with `dirty`, naming the files, where the live file is not what `before` says. */
Result<void> check_unchanged(const std::filesystem::path& home,
                             const std::vector<FileChange>& changes);

/** Whether a live file is what `after` says. */
bool any_in_place(const std::filesystem::path& home, const std::vector<FileChange>& changes);

/** Puts each `after` in place: written beside and synced, then renamed if the live file is still
 * what `before` says. A file keeps its mode; a new one is 0600. At the first failure everything
 * that was placed is taken back, as far as the disk lets it, and the error is given; a file that
 * the user changed is never overwritten. */
Result<void> place_files(const std::filesystem::path& home, const std::vector<FileChange>& changes);

}  // namespace jarvis
