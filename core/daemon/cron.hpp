#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** When something runs, as crontab(5) writes it: minute, hour, day of month, month, day of week, in
 * local time. A field is `*`, a number, a range `a-b`, either with a step `/n` (`a/n` goes on to
 * the field's end), or a list of these; months and days of the week have their English names too,
 * and Sunday is 0 or 7. @hourly, @daily (@midnight), @weekly, @monthly and @yearly (@annually)
 * stand for a whole expression. Where both day fields are restricted, a day that meets either will
 * do; a field that begins with `*` does not count as restricted. */
class CronSchedule {
 public:
  /** invalid: the error names the field and what is wrong with it. A date that never comes (30
   * February) is refused. */
  static Result<CronSchedule> parse(const std::string& text);

  /** The first time after `time` that it runs. What falls into the gap when clocks are set forward
   * runs once, at the end of the gap; what clocks show twice runs the first time alone. Nothing
   * where there is none within half a century. */
  std::optional<std::int64_t> next_after(std::int64_t time) const;

  /** Whether it runs in the minute that begins at these wall seconds (local_time.hpp). */
  bool matches(std::int64_t wall) const;

 private:
  friend class CronReader;
  CronSchedule() = default;
  bool matches_day(std::int64_t day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = false;
  bool any_weekday_ = false;
};

}  // namespace jarvis
