#pragma once

#include <filesystem>

#include "core/ports/checkpoint.hpp"

namespace jarvis {

struct InitReport {
  std::string head;              ///< the newest commit
  bool made_repository = false;  ///< false: there was one
  bool made_baseline = false;    ///< false: there were commits, and nothing was changed
};

/** What was found of a transition that a sudden end of the program interrupted. */
struct RecoveryReport {
  enum class Kind {
    nothing,   ///< none was interrupted
    dropped,   ///< it had not begun: branch and files are as before
    finished,  ///< the branch had moved, and now the files are as its commit has them
    left       ///< the branch stands elsewhere: somebody went on, and nothing was touched
  };
  Kind kind = Kind::nothing;
  std::string commit;
  std::vector<std::string> placed;  ///< files that were put in place now
  std::vector<std::string> kept;    ///< files that the user changed meanwhile, and that stay so
  /** What was taken back, and that no session may tell yet: end with reverts_recorded(). */
  std::vector<RevertedCommit> reverted;
  TakenBack what = TakenBack::edits;
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

  /** Finishes or drops a transition that was interrupted. Before any other work on the home. */
  Result<RecoveryReport> recover();

  Result<std::string> head() const override;
  Result<std::vector<std::string>> dirty_paths() const override;
  Result<std::string> accept(const std::vector<FileChange>& changes,
                             const CommitRequest& request) override;
  Result<CheckedIn> check_in() override;
  Result<Reverts> revert(const std::vector<std::string>& commits,
                         const std::vector<CommitRequest>& messages, TakenBack what) override;
  Result<void> reverts_recorded() override;
  Result<std::string> own_commit_of(const std::string& fingerprint) const override;

 private:
  std::filesystem::path home_;
};

}  // namespace jarvis
