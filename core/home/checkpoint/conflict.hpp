#pragma once

#include <string>
#include <vector>

#include "core/home/checkpoint/git_handles.hpp"

namespace jarvis::git {

/** The texts of a file that two sides changed; absent where there is no such file. */
struct ConflictSides {
  std::string path;
  const std::string* base = nullptr;      ///< as the commit that is to be reverted left it
  const std::string* ours = nullptr;      ///< as it is now
  const std::string* theirs = nullptr;    ///< as it was before that commit
  std::vector<std::string> secrets = {};  ///< values that nobody is to see
};

/** In one line: the path, and for each place where the sides meet its lines in the present file,
 * what stands there and what the commit had put there; a few of them, shortened. Throws Failure
 * when the texts cannot be compared. */
std::string describe_conflict(const ConflictSides& sides);

}  // namespace jarvis::git
