#include "core/app/cli/when.hpp"

#include <cmath>

#include "core/daemon/local_time.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

namespace {

constexpr long kMinute = 60;
constexpr long kHour = 60 * kMinute;
constexpr long kDay = 24 * kHour;
constexpr long kWeek = 7 * kDay;
constexpr double kEndOfDates = 253402300800.0;  ///< the year 10000

/** "5 min": whole units that have gone by. */
std::string span(long seconds) {
  if (seconds < kHour) return std::to_string(seconds / kMinute) + " min";
  if (seconds < kDay) return std::to_string(seconds / kHour) + " h";
  return std::to_string(seconds / kDay) + " d";
}

}  // namespace

std::string when(double time, double now) {
  if (!(std::abs(time) < kEndOfDates)) return "–";
  const bool is_past = time <= now;
  const double away = std::abs(now - time);
  if (!(away < kWeek)) return local_date(time);
  const auto seconds = static_cast<long>(away);
  if (seconds < kMinute) return is_past ? "just now" : "in a moment";
  return is_past ? span(seconds) + " ago" : "in " + span(seconds);
}

std::string moment(double time, double now) {
  const std::string said = when(time, now);
  return said == local_date(time) ? local_text(time) : local_text(time) + ", " + said;
}

std::string when(const std::string& iso8601, double now) {
  const double time = time_of_iso8601(iso8601);
  return time > 0 ? when(time, now) : "–";
}

}  // namespace jarvis
