#pragma once

#include "core/app/workshop.hpp"

namespace jarvis {

/** One session, whoever wants it: checks what must be there (the engines, the student's server),
 * checks in what was changed by hand, takes the newest benchmark or makes the first one, and runs
 * it. `refresh_benchmark` mines new tasks before; that this fails keeps no session from running. */
Result<Session> start_session(Workshop& work, Autonomy autonomy, const Trigger& trigger,
                              bool refresh_benchmark = false);

/** The same, without a benchmark of its own: then the rest of an interrupted session. */
Result<Session> go_on_with(Workshop& work, const Session& interrupted);

}  // namespace jarvis
