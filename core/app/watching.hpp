#pragma once

#include <string>
#include <vector>

#include "core/app/application.hpp"
#include "core/watch/watched_edits.hpp"

namespace jarvis {

/** What the feedback says of the edits that were applied last, and of those that are applied
 * although they were named before; see watch_edits. Only reads. */
Result<std::vector<WatchFinding>> look_at_edits(const Application& application,
                                                const TraceReader& traces,
                                                const std::vector<Session>& sessions);

/** What has been done about a fall. */
struct WatchDeed {
  std::string session_id;  ///< of the newest of the edits
  std::string line;        ///< for the user
  bool rolled_back = false;
};

/** Names every fall that nobody was told of: in the log, as progress and in the record of each edit
 * and session, so that it is named once. With watch.auto_revert the edits are taken back, newest
 * first; what cannot be, stays with the reason. Takes the home's lock for `command` when there is
 * something to do: locked when another command holds it. Nothing while learning or the watch is
 * switched off. No settings of the application may be in use: they may be other ones afterwards. */
Result<std::vector<WatchDeed>> act_on_falls(Application& application, const std::string& command);

/** The same before other work, which is done also when the watch cannot look: that is said. */
void watch_first(Application& application);

/** One line: "edit-1: feedback fell from 0.81 to 0.52 on 40 traces since". */
std::string finding_text(const WatchFinding& finding);
json::object finding_document(const WatchFinding& finding);

}  // namespace jarvis
