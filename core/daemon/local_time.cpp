#include "core/daemon/local_time.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>

namespace jarvis {

namespace {

constexpr std::int64_t kDay = 86400;

std::tm local(std::int64_t time) {
  const auto seconds = static_cast<std::time_t>(time);
  std::tm fields{};
  ::tzset();
  ::localtime_r(&seconds, &fields);
  return fields;
}

std::int64_t offset_at(std::int64_t time) {
  return local(time).tm_gmtoff;
}

std::string written(double time, const char* format) {
  const std::tm fields = local(static_cast<std::int64_t>(std::floor(time)));
  char text[80];
  return {text, std::strftime(text, sizeof text, format, &fields)};
}

/** The first time after `low` and up to `high` whose offset is not that of `low`. */
std::int64_t end_of_gap(std::int64_t low, std::int64_t high) {
  const std::int64_t before = offset_at(low);
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (offset_at(middle) == before ? low : high) = middle;
  }
  return high;
}

}  // namespace

std::int64_t wall_of(std::int64_t time) {
  return time + offset_at(time);
}

std::int64_t time_of_wall(std::int64_t wall) {
  // A day before and a day after are on either side of what may happen around it.
  const std::int64_t before = wall - offset_at(wall - kDay);
  const std::int64_t after = wall - offset_at(wall + kDay);
  const auto [first, second] = std::minmax(before, after);
  for (const std::int64_t time : {first, second})
    if (wall_of(time) == wall) return time;
  return end_of_gap(first, second);
}

std::string local_date(double time) {
  return written(time, "%Y-%m-%d");
}

std::string local_text(double time) {
  return written(time, "%Y-%m-%d %H:%M %Z");
}

std::string local_iso8601(double time) {
  std::string text = written(time, "%Y-%m-%dT%H:%M:%S%z");
  return text.insert(text.size() - 2, ":");
}

}  // namespace jarvis
