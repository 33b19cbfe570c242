#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/home/checkpoint/tree.hpp"
#include "core/ports/home_view.hpp"

namespace jarvis::git {

/** The tracked files of a home as a commit has them; what a link leads to is read from the disk.
 * The repository is borrowed. */
class CommittedHome : public HomeView {
 public:
  CommittedHome(git_repository* repository, std::filesystem::path home, Entries entries);

  const std::filesystem::path& root() const override { return home_; }
  Result<std::string> read(const std::string& relative) const override;
  Result<std::vector<std::string>> tracked_files() const override;

 private:
  git_repository* repository_;
  std::filesystem::path home_;
  Entries entries_;
};

}  // namespace jarvis::git
