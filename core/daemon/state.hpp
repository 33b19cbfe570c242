#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** What became of one thing that a trigger started. */
struct FiringOutcome {
  enum class Kind {
    none,         ///< nothing was started yet
    done,         ///< a session that came to its end
    failed,       ///< a session that failed
    not_started,  ///< there was no session: nothing was paid
    stopped       ///< the daemon was told to stop; a session with a plan can be gone on with
  };
  Kind kind = Kind::none;
  std::string trigger;  ///< "scheduled", "cluster", "resume"
  std::string session_id;
  std::string status;  ///< of the session
  double started_at = 0;
  double ended_at = 0;
  double cost_usd = 0;
  Error error;  ///< with failed and not_started
};

json::object to_json(const FiringOutcome& outcome);
FiringOutcome outcome_from(const json::object& object);

/** What a daemon knows beyond its own life; `learning/daemon.json`. Times are unix seconds. */
struct DaemonState {
  double served_until = 0;      ///< every scheduled run up to then was seen to; 0: never ran
  double checked_at = 0;        ///< failures were last looked at; 0: never
  double hold_until = 0;        ///< nothing is started before
  int setbacks = 0;             ///< in a row, of what was started
  int look_setbacks = 0;        ///< in a row, of looks at the home
  std::set<std::string> fired;  ///< traces whose cluster started a session
  std::string resumed_session;  ///< was gone on with …
  int resume_attempts = 0;      ///< … so often, in vain
  std::string rated_benchmark;  ///< with this version …
  std::int64_t rated = 0;       ///< … so many traces were rated
  FiringOutcome last;
  std::int64_t checks = 0;  ///< how often anything was looked at
  std::string working;      ///< the trigger that works now; empty: none
  double working_since = 0;
  double next_at = 0;        ///< it looks again then
  std::string config_error;  ///< why config.toml was not taken over; empty: it was
  std::string look_error;    ///< why the last look at the home failed; empty: it did not
};

/** The state that was written last; a new one where there is none. */
Result<DaemonState> read_daemon_state(const std::filesystem::path& home);
/** The same for the daemon itself: a file that cannot be read is set aside under the name that
 * comes back in `set_aside`, and the daemon begins anew. */
Result<DaemonState> load_daemon_state(const std::filesystem::path& home, std::string& set_aside);
Result<void> save_daemon_state(const std::filesystem::path& home, const DaemonState& state);

}  // namespace jarvis
