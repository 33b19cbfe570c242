#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/checkpoint.hpp"

namespace jarvis {

/** What is about to become true: the branch at `to`, and these files as that commit has them. */
struct PlannedTransition {
  std::string from;  ///< full ids of commits
  std::string to;
  std::vector<std::string> paths;
  std::vector<RevertedCommit> reverted;  ///< of a rollback
  std::string live = {};                 ///< the commit that the files are as before; empty: `from`
  TakenBack what = TakenBack::edits;
};

/** The note that says what a transition was up to when the program ended in the middle of it. It
 * lies in .git, and is on the disk, synced, as long as branch and files may differ, or sessions do
 * not tell yet what was taken back. */
class TransitionJournal {
 public:
  /** `git` is the folder of the repository. */
  explicit TransitionJournal(std::filesystem::path git);

  Result<void> begin(const PlannedTransition& planned) const;
  /** Nothing: no transition was interrupted. invalid when the note cannot be read. */
  Result<std::optional<PlannedTransition>> interrupted() const;
  Result<void> end() const;
  /** Takes away what an interrupted transition leaves in .git: files on their way, and lock files
   * that are as new as the note. For the holder of the home's lock. */
  void clean(const std::string& branch) const;

 private:
  std::filesystem::path git_;
  std::filesystem::path file_;
};

}  // namespace jarvis
