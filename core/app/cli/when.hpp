#pragma once

#include <string>

namespace jarvis {

/** A time as people say it: "just now", "5 min ago", "2 h ago", "in 3 h", "4 d ago"; the local date
 * ("2026-06-01") where it is a week or more away. Unix seconds. */
std::string when(double time, double now);

/** The local time of day as well: "2026-06-01 03:00 CEST, in 3 h". */
std::string moment(double time, double now);

/** when() for what iso8601() writes; "–" for anything else. */
std::string when(const std::string& iso8601, double now);

}  // namespace jarvis
