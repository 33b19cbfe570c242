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
  std::string revert_commit;  ///< empty: what it had done was gone already
};

/** What the commits that are taken back were: all that a session applied, or single edits of it. */
enum class TakenBack { session, edits };

/** What the user had changed by hand, as it was committed. */
struct CheckedIn {
  std::string commit;  ///< full id; empty: nothing was changed
  std::vector<std::string> paths;
};

struct Reverts {
  CheckedIn manual;
  std::vector<RevertedCommit> commits;  ///< newest first
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
  /** Commits what the user changed by hand as "Manual changes"; no file is touched. configuration,
   * naming file and line, for a config.toml that does not hold; refused, naming the path, for what
   * git cannot keep. Then nothing is committed. */
  virtual Result<CheckedIn> check_in() = 0;
  /** Takes `commits` back, the newest first, with a new commit for each whose effect is still there;
   * `messages` go with them. Hand-made changes are checked in before, and stay. All or none of it:
   * a conflict is refused with path, lines and texts, and nothing is changed. Until
   * reverts_recorded() recovery knows what was taken back. */
  virtual Result<Reverts> revert(const std::vector<std::string>& commits,
                                 const std::vector<CommitRequest>& messages, TakenBack what) = 0;
  /** The sessions tell what the last revert() took back. */
  virtual Result<void> reverts_recorded() = 0;
  /** The newest commit of this program's when its files have this fingerprint (see fingerprint_of);
   * empty otherwise. What the user changed or committed since makes no difference. */
  virtual Result<std::string> own_commit_of(const std::string& fingerprint) const = 0;
};

/** A unified diff of the changes, with paths as git prints them. */
Result<std::string> unified_diff(const std::vector<FileChange>& changes);

}  // namespace jarvis
