#pragma once

#include <filesystem>

namespace jarvis {

/** Removes lock files in `git` whose work is done: libgit2 puts a new file in place as a second
 * link and does not say when it could not remove the first one. A lock that any other program holds
 * is a file of its own and stays. For the holder of the home's lock. */
void remove_finished_locks(const std::filesystem::path& git);

}  // namespace jarvis
