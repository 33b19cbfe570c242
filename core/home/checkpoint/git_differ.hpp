#pragma once

#include "core/home/checkpoint/changed_lines.hpp"
#include "core/ports/checkpoint.hpp"
#include "core/ports/differ.hpp"

namespace jarvis {

/** Line diffs by libgit2. */
class GitDiffer : public Differ {
 public:
  Result<std::string> diff(const std::vector<FileChange>& changes) const override {
    return unified_diff(changes);
  }
  double changed_line_share(const std::string& before, const std::string& after) const override {
    return jarvis::changed_line_share(before, after);
  }
};

}  // namespace jarvis
