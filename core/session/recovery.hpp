#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/ports/checkpoint.hpp"
#include "core/ports/clock.hpp"
#include "core/session/record/recorder.hpp"

namespace jarvis {

struct RecoveryParts {
  Checkpoint& checkpoint;
  const Recorder& recorder;
  const Clock& clock;
  /** Commits that a transition took back whose session could not be recorded any more. */
  std::vector<RevertedCommit> reverted;
  TakenBack what;
  /** What the ledger says that a session cost, USD by purpose. */
  std::function<Result<std::map<std::string, double>>(const std::string& session_id)> costs;
};

/** Settles what a sudden end left of the sessions, for the holder of the home's lock, once the
 * files are what a commit has: an edit whose files are in place is applied, one whose commit was
 * taken back is rolled back, a session that nobody runs any more is failed, with its cost and with
 * how to go on; queue and index follow. Gives a line for each thing that was repaired. */
Result<std::vector<std::string>> recover_sessions(const RecoveryParts& parts);

}  // namespace jarvis
