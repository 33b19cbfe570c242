#pragma once

#include <cstdint>
#include <string>

namespace jarvis {

/** Times are unix seconds. "Wall" seconds are what the clocks of the local time zone show, counted
 * as if they were UTC. The zone is that of the environment (TZ) or of the machine, looked up anew
 * in every call. */

std::int64_t wall_of(std::int64_t time);

/** When the clocks show `wall`: for the first time where they are set back and show it twice; the
 * end of the gap where they are set forward and never show it. */
std::int64_t time_of_wall(std::int64_t wall);

/** "2026-06-01". */
std::string local_date(double time);
/** "2026-06-01 03:00 CEST". */
std::string local_text(double time);
/** "2026-06-01T03:00:00+02:00". */
std::string local_iso8601(double time);

}  // namespace jarvis
