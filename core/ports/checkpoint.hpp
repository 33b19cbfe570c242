#pragma once

#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

struct CommitRequest {
  std::string subject;
  std::string body;
  std::vector<std::pair<std::string, std::string>> trailers;
};

struct RevertedCommit {
  std::string commit;
  std::string revert_commit;
};

/** The git history of the tracked files, and the only thing that writes them in the live home. */
class Checkpoint {
 public:
  virtual ~Checkpoint() = default;
  /** The newest commit's full id. */
  virtual Result<std::string> head() const = 0;
  /** Paths of tracked places that differ from the newest commit, untracked files below them too. */
  virtual Result<std::vector<std::string>> dirty_paths() const = 0;
  /** Commits the changes, then puts each file in place, atomically, only where the live file still
   * has its `before` content; dirty otherwise, with nothing changed. Gives the new commit's id. */
  virtual Result<std::string> accept(const std::vector<FileChange>& changes,
                                     const CommitRequest& request) = 0;
  /** One revert commit for each of `commits`, in the order given (newest first); all or none. A
   *  conflict is refused with the paths, and nothing is changed. `describe` gives the message. */
  virtual Result<std::vector<RevertedCommit>> revert(
      const std::vector<std::string>& commits, const std::vector<CommitRequest>& messages) = 0;
};

/** A unified diff of the changes, with paths as git prints them. */
Result<std::string> unified_diff(const std::vector<FileChange>& changes);

}  // namespace jarvis
