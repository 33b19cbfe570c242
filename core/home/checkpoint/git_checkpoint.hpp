#pragma once

#include <filesystem>

#include "core/ports/checkpoint.hpp"

namespace jarvis {

struct InitReport {
  std::string head;              ///< the newest commit
  bool made_repository = false;  ///< false: there was one
  bool made_baseline = false;    ///< false: there were commits, and nothing was changed
};

/** The git repository at <home>/.git, through libgit2: no git program, hooks, signing, filters or
 * settings of the user or the system. Commits are built from the newest commit's tree, never from
 * the index, so that nothing the user staged goes into them. The object holds no handle; the
 * repository is opened by each call. One thread at a time, under the home's lock. */
class GitCheckpoint : public Checkpoint {
 public:
  explicit GitCheckpoint(std::filesystem::path home);

  /** Makes the repository where there is none, and the baseline commit where there is no commit.
   * Refuses a repository of the user's whose newest commit tracks other things than config.toml,
   * agents/, tools/. */
  Result<InitReport> init();

  Result<std::string> head() const override;
  Result<std::vector<std::string>> dirty_paths() const override;
  Result<std::string> accept(const std::vector<FileChange>& changes,
                             const CommitRequest& request) override;
  Result<std::vector<RevertedCommit>> revert(const std::vector<std::string>& commits,
                                             const std::vector<CommitRequest>& messages) override;

 private:
  std::filesystem::path home_;
};

}  // namespace jarvis
