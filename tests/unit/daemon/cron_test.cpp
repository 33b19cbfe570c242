#include "core/daemon/cron.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>
#include <vector>

#include "core/daemon/local_time.hpp"
#include "core/ports/clock.hpp"
#include "tests/unit/daemon/daylight_weeks.hpp"
#include "tests/unit/daemon/time_zone.hpp"

using namespace jarvis;
using jarvis::testing::TimeZone;

namespace {

constexpr std::int64_t kDay = 86400;

std::string refusal(const std::string& text) {
  const auto cron = CronSchedule::parse(text);
  REQUIRE_MESSAGE(!cron.ok(), text);
  CHECK(cron.error().kind == ErrorKind::invalid);
  CHECK(!cron.error().hint.empty());
  return cron.error().message;
}

std::int64_t at(const std::string& text) {
  return static_cast<std::int64_t>(time_of_iso8601(text));
}

std::string next(const std::string& expression, const std::string& after) {
  const auto cron = CronSchedule::parse(expression);
  REQUIRE_MESSAGE(cron.ok(), expression << ": " << cron.error().message);
  const auto time = cron->next_after(at(after));
  return time ? iso8601(static_cast<double>(*time)) : "never";
}

struct Wrong {
  const char* text;
  const char* says;
};

constexpr Wrong kWrong[] = {
    {"", "is empty"},
    {"   ", "is empty"},
    {"\t\n", "is empty"},
    {"*", "has 1 field instead of 5"},
    {"* * * *", "has 4 fields instead of 5"},
    {"* * * * * *", "has 6 fields instead of 5"},
    {"0 0 3 * * ? 2026", "has 7 fields instead of 5"},
    {"every day at three", "has 4 fields instead of 5"},
    {"60 * * * *", "wrong minute: '60' is not within 0 to 59"},
    {"-1 * * * *", "wrong minute: '' is no number"},
    {"99999999999999999999 * * * *", "wrong minute"},
    {"x * * * *", "wrong minute: 'x' is no number"},
    {"1.5 * * * *", "wrong minute: '1.5' is no number"},
    {"0x10 * * * *", "wrong minute: '0x10' is no number"},
    {"+5 * * * *", "wrong minute: '+5' is no number"},
    {"5- * * * *", "wrong minute: '' is no number"},
    {"-5 * * * *", "wrong minute: '' is no number"},
    {"5--7 * * * *", "wrong minute"},
    {"5-7-9 * * * *", "wrong minute"},
    {"30-10 * * * *", "wrong minute: the range '30-10' ends before it begins"},
    {"10-60 * * * *", "wrong minute: '60' is not within 0 to 59"},
    {"*/0 * * * *", "wrong minute: the step '0' is not within 1 to 59"},
    {"*/60 * * * *", "wrong minute: the step '60'"},
    {"*/-5 * * * *", "wrong minute: the step '-5'"},
    {"*/ * * * *", "wrong minute: the step ''"},
    {"*/x * * * *", "wrong minute: the step 'x'"},
    {"*/5/5 * * * *", "wrong minute: the step '5/5'"},
    {"/5 * * * *", "wrong minute: '' is no number"},
    {"** * * * *", "wrong minute: '**' is no number"},
    {"*-5 * * * *", "wrong minute: '*' is no number"},
    {"5-* * * * *", "wrong minute: '*' is no number"},
    {", * * * *", "wrong minute: an item of its list is empty"},
    {"1, * * * *", "wrong minute: an item of its list is empty"},
    {",1 * * * *", "wrong minute: an item of its list is empty"},
    {"1,,2 * * * *", "wrong minute: an item of its list is empty"},
    {"1;2 * * * *", "wrong minute: '1;2' is no number"},
    {"? * * * *", "wrong minute: '?' is no number"},
    {"jan * * * *", "wrong minute: 'jan' is no number"},
    {"* 24 * * *", "wrong hour: '24' is not within 0 to 23"},
    {"* -1 * * *", "wrong hour"},
    {"* 3am * * *", "wrong hour: '3am' is no number"},
    {"* 03:00 * * *", "wrong hour: '03:00' is no number"},
    {"* 22-2 * * *", "wrong hour: the range '22-2' ends before it begins"},
    {"* */24 * * *", "wrong hour: the step '24'"},
    {"* noon * * *", "wrong hour: 'noon' is no number"},
    {"* * 0 * *", "wrong day of month: '0' is not within 1 to 31"},
    {"* * 32 * *", "wrong day of month: '32' is not within 1 to 31"},
    {"* * L * *", "wrong day of month: 'l' is no number"},
    {"* * 15W * *", "wrong day of month: '15w' is no number"},
    {"* * ? * *", "wrong day of month: '?' is no number"},
    {"* * mon * *", "wrong day of month: 'mon' is no number"},
    {"* * 20-10 * *", "wrong day of month: the range '20-10'"},
    {"* * */32 * *", "wrong day of month: the step '32'"},
    {"* * * 0 *", "wrong month: '0' is not within 1 to 12"},
    {"* * * 13 *", "wrong month: '13' is not within 1 to 12"},
    {"* * * january *", "wrong month: 'january' is no number and no name"},
    {"* * * sun *", "wrong month: 'sun' is no number and no name"},
    {"* * * dec-jan *", "wrong month: the range 'dec-jan' ends before it begins"},
    {"* * * */13 *", "wrong month: the step '13'"},
    {"* * * jan- *", "wrong month: '' is no number and no name"},
    {"* * * * 8", "wrong day of week: '8' is not within 0 to 7"},
    {"* * * * -1", "wrong day of week"},
    {"* * * * monday", "wrong day of week: 'monday' is no number and no name"},
    {"* * * * jan", "wrong day of week: 'jan' is no number and no name"},
    {"* * * * fri-mon", "wrong day of week: the range 'fri-mon' ends before it begins"},
    {"* * * * 5#3", "wrong day of week: '5#3' is no number and no name"},
    {"* * * * 5L", "wrong day of week: '5l' is no number and no name"},
    {"* * * * ?", "wrong day of week: '?' is no number and no name"},
    {"* * * * */8", "wrong day of week: the step '8'"},
    {"* * * * mo", "wrong day of week: 'mo' is no number and no name"},
    {"* 25 32 13 8", "wrong hour: '25'"},
    {"0 0 30 2 *", "names a date that never comes"},
    {"0 0 31 4 *", "names a date that never comes"},
    {"0 0 31 2,4,6,9,11 *", "names a date that never comes"},
    {"0 0 30-31 feb *", "names a date that never comes"},
    {"0 0 31 feb */2", "names a date that never comes"},
    {"@reboot", "is none of @hourly"},
    {"@every 5m", "has more after '@every'"},
    {"@", "is none of @hourly"},
    {"@dailyy", "is none of @hourly"},
    {"@daily 0", "has more after '@daily'"},
    {"0 @daily * * *", "wrong hour: '@daily' is no number"},
    {"\xD9\xA3 * * * *", "wrong minute"},
    {"\xFF * * * *", "wrong minute"},
    {"* * * * *\x01", "wrong day of week"},
};

struct Next {
  const char* expression;
  const char* after;
  const char* next;
};

// 2026-01-01 is a Thursday; 2028 is a leap year.
constexpr Next kNext[] = {
    {"* * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"},
    {"* * * * *", "2026-01-01T00:00:59Z", "2026-01-01T00:01:00Z"},
    {"* * * * *", "2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z"},
    {"0 3 * * *", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z"},
    {"0 3 * * *", "2026-01-01T02:59:59Z", "2026-01-01T03:00:00Z"},
    {"0 3 * * *", "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z"},
    {"0 3 * * *", "2026-01-01T03:00:01Z", "2026-01-02T03:00:00Z"},
    {"00 03 * * *", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z"},
    {"  0\t3  * * *  ", "2026-01-01T00:00:00Z", "2026-01-01T03:00:00Z"},
    {"59 23 * * *", "2026-01-01T00:00:00Z", "2026-01-01T23:59:00Z"},
    {"59 23 31 12 *", "2026-01-01T00:00:00Z", "2026-12-31T23:59:00Z"},
    {"0 0 1 1 *", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
    {"*/15 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:15:00Z"},
    {"*/15 * * * *", "2026-01-01T00:45:00Z", "2026-01-01T01:00:00Z"},
    {"*/7 * * * *", "2026-01-01T00:56:00Z", "2026-01-01T01:00:00Z"},
    {"*/59 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:59:00Z"},
    {"*/1 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"},
    {"5/15 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z"},
    {"5/15 * * * *", "2026-01-01T00:50:00Z", "2026-01-01T01:05:00Z"},
    {"50/15 * * * *", "2026-01-01T00:50:00Z", "2026-01-01T01:50:00Z"},
    {"10-20/5 * * * *", "2026-01-01T00:10:00Z", "2026-01-01T00:15:00Z"},
    {"10-20/5 * * * *", "2026-01-01T00:20:00Z", "2026-01-01T01:10:00Z"},
    {"10-19/5 * * * *", "2026-01-01T00:15:00Z", "2026-01-01T01:10:00Z"},
    {"1,2,3 * * * *", "2026-01-01T00:02:00Z", "2026-01-01T00:03:00Z"},
    {"3,1,2 * * * *", "2026-01-01T00:03:00Z", "2026-01-01T01:01:00Z"},
    {"1,1,1 * * * *", "2026-01-01T00:01:00Z", "2026-01-01T01:01:00Z"},
    {"0,30-32,*/20 * * * *", "2026-01-01T00:20:00Z", "2026-01-01T00:30:00Z"},
    {"0,30-32,*/20 * * * *", "2026-01-01T00:32:00Z", "2026-01-01T00:40:00Z"},
    {"0-59 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"},
    {"5-5 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z"},
    {"0 */6 * * *", "2026-01-01T01:00:00Z", "2026-01-01T06:00:00Z"},
    {"0 9-17 * * *", "2026-01-01T17:00:00Z", "2026-01-02T09:00:00Z"},
    {"0 9-17/4 * * *", "2026-01-01T09:00:00Z", "2026-01-01T13:00:00Z"},
    {"0 22,23,0,1 * * *", "2026-01-01T01:00:00Z", "2026-01-01T22:00:00Z"},
    {"0 0 * * mon", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 * * MON", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 * * 1", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 * * 0", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"0 0 * * sun", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"0 0 * * thu", "2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z"},
    {"0 0 * * mon-fri", "2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 * * 1-5", "2026-01-02T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 * * sat,sun", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"},
    {"0 0 * * sat-sun", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"0 0 * * 6-7", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"0 0 * * 5-7", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"0 0 * * fri-sun/2", "2026-01-02T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"0 0 * * 0-6", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"0 0 * * 0-7", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"0 0 * * mon/2", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"0 0 * * mon,wed-thu", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 1 * *", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
    {"0 0 31 * *", "2026-01-31T00:00:00Z", "2026-03-31T00:00:00Z"},
    {"0 0 30 * *", "2026-01-30T00:00:00Z", "2026-03-30T00:00:00Z"},
    {"0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
    {"0 0 29 2 *", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z"},
    {"0 0 29,30 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
    {"0 0 */10 * *", "2026-01-01T00:00:00Z", "2026-01-11T00:00:00Z"},
    {"0 0 1-7 * *", "2026-01-07T00:00:00Z", "2026-02-01T00:00:00Z"},
    {"0 0 1 jan *", "2026-02-01T00:00:00Z", "2027-01-01T00:00:00Z"},
    {"0 0 1 Jan,Jul *", "2026-02-01T00:00:00Z", "2026-07-01T00:00:00Z"},
    {"0 0 1 mar-may *", "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z"},
    {"0 0 1 */3 *", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"},
    {"0 0 1 2/5 *", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
    {"0 0 1 2/5 *", "2026-07-01T00:00:00Z", "2026-12-01T00:00:00Z"},
    {"0 0 1 12 *", "2026-12-01T00:00:00Z", "2027-12-01T00:00:00Z"},
    // Both day fields restricted: either will do.
    {"0 0 13 * fri", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"0 0 13 * fri", "2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z"},
    {"0 0 30 2 mon", "2026-01-31T00:00:00Z", "2026-02-02T00:00:00Z"},
    {"0 0 1,15 * mon", "2026-01-12T00:00:00Z", "2026-01-15T00:00:00Z"},
    {"0 0 1-31 * mon", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    // A field that begins with a star is not restricted: both must meet.
    {"0 0 */2 * mon", "2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z"},
    {"0 0 13 * */5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z"},
    {"0 0 *,13 * fri", "2026-01-03T00:00:00Z", "2026-01-09T00:00:00Z"},
    {"@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"},
    {"@daily", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"@midnight", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"},
    {"@monthly", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
    {"@yearly", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
    {"@annually", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
    {" @Daily ", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
    {"0 0 29 2 mon", "2026-01-26T00:00:00Z", "2026-02-02T00:00:00Z"},
    {"30 4 1-10/3 * *", "2026-01-04T05:00:00Z", "2026-01-07T04:30:00Z"},
    {"0 12 * 1-11/5 *", "2026-01-31T12:00:00Z", "2026-06-01T12:00:00Z"},
};

/** One field: a text, and the values that it stands for. */
struct RandomField {
  std::string text;
  std::set<int> values;
  bool star = false;
};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int roll(int first, int last) { return std::uniform_int_distribution<int>(first, last)(random_); }

  RandomField field(int first, int last) {
    RandomField field;
    for (int items = roll(1, 10) > 7 ? roll(2, 3) : 1; items > 0; --items) {
      const bool is_first = field.text.empty();
      if (!is_first) field.text += ",";
      int from = first, to = last, every = 1;
      switch (roll(0, 4)) {
        case 0:
          field.text += "*";
          field.star = field.star || is_first;
          break;
        case 1:
          every = roll(1, last);
          field.text += "*/" + std::to_string(every);
          field.star = field.star || is_first;
          break;
        case 2:
          from = to = roll(first, last);
          field.text += std::to_string(from);
          break;
        default:
          from = roll(first, last);
          to = roll(from, last);
          field.text += std::to_string(from) + "-" + std::to_string(to);
          if (roll(0, 1) == 1) {
            every = roll(1, last);
            field.text += "/" + std::to_string(every);
          }
      }
      for (int value = from; value <= to; value += every) field.values.insert(value);
    }
    return field;
  }

 private:
  std::mt19937 random_;
};

/** Every minute of the year 2027 in which it runs, by looking at each of them. */
std::vector<std::int64_t> walk(const std::vector<RandomField>& fields) {
  std::vector<std::int64_t> found;
  const std::int64_t begin = at("2027-01-01T00:00:00Z");
  for (std::int64_t time = begin; time < begin + 365 * kDay; time += 60) {
    const auto seconds = static_cast<std::time_t>(time);
    std::tm now{};
    ::gmtime_r(&seconds, &now);
    if (!fields[0].values.contains(now.tm_min) || !fields[1].values.contains(now.tm_hour) ||
        !fields[3].values.contains(now.tm_mon + 1))
      continue;
    const bool day = fields[2].values.contains(now.tm_mday);
    const bool weekday = fields[4].values.contains(now.tm_wday) ||
                         (now.tm_wday == 0 && fields[4].values.contains(7));
    const bool either = !fields[2].star && !fields[4].star;
    if (either ? day || weekday : day && weekday) found.push_back(time);
  }
  return found;
}

}  // namespace

TEST_CASE("cron: what is wrong is refused, and the error names the field") {
  const TimeZone zone("UTC");
  for (const Wrong& wrong : kWrong) {
    const std::string message = refusal(wrong.text);
    CHECK_MESSAGE(message.find(wrong.says) != std::string::npos, message);
  }
  CHECK(refusal(std::string(5000, '*')).size() < 200);
}

TEST_CASE("cron: the next run is the first one after the time") {
  const TimeZone zone("UTC");
  for (const Next& expected : kNext) {
    CAPTURE(expected.expression);
    CAPTURE(expected.after);
    CHECK(next(expected.expression, expected.after) == expected.next);
  }
}

TEST_CASE("cron: random expressions run when a walk over a year of minutes says so") {
  const TimeZone zone("UTC");
  Dice dice(20261123);
  const std::int64_t begin = at("2027-01-01T00:00:00Z"), end = at("2028-01-01T00:00:00Z");
  for (int i = 0; i < 60; ++i) {
    const std::vector<RandomField> fields{dice.field(0, 59), dice.field(0, 23), dice.field(1, 31),
                                          dice.field(1, 12), dice.field(0, 7)};
    std::string text;
    for (const RandomField& field : fields) text += (text.empty() ? "" : " ") + field.text;
    CAPTURE(text);
    const auto expected = walk(fields);
    const auto cron = CronSchedule::parse(text);
    if (!cron) {
      CHECK(expected.empty());
      continue;
    }
    std::vector<std::int64_t> asked{begin - 1, end - 1};
    for (int j = 0; j < 200; ++j) asked.push_back(begin + dice.roll(0, 365 * 86400 - 1));
    for (std::size_t j = 0; j < std::min<std::size_t>(expected.size(), 100); ++j)
      asked.push_back(expected[j]);
    for (const std::int64_t time : asked) {
      const auto found = std::upper_bound(expected.begin(), expected.end(), time);
      const auto run = cron->next_after(time);
      if (found == expected.end()) {
        CHECK((!run || *run >= end));
      } else {
        REQUIRE(run.has_value());
        CHECK(*run == *found);
        CHECK(cron->matches(*run));
      }
    }
  }
}

TEST_CASE("cron: where clocks change, each time of the day comes once") {
  for (const auto& week : jarvis::testing::daylight_weeks()) {
    CAPTURE(week.zone);
    CAPTURE(week.cron);
    const TimeZone zone(week.zone);
    const auto cron = CronSchedule::parse(week.cron);
    REQUIRE(cron.ok());
    std::vector<std::string> runs;
    for (auto time = cron->next_after(at(week.begin) - 1); time && *time < at(week.end);
         time = cron->next_after(*time))
      runs.push_back(iso8601(static_cast<double>(*time)));
    CHECK(runs == week.runs);
  }
}

TEST_CASE("cron: asked at any minute around a change of clocks, the answer is the same") {
  for (const auto& week : jarvis::testing::daylight_weeks()) {
    CAPTURE(week.zone);
    CAPTURE(week.cron);
    const TimeZone zone(week.zone);
    const auto cron = CronSchedule::parse(week.cron);
    REQUIRE(cron.ok());
    for (std::int64_t time = at(week.begin); time < at(week.end); time += 600) {
      const std::string now = iso8601(static_cast<double>(time));
      const auto expected = std::upper_bound(week.runs.begin(), week.runs.end(), now);
      if (expected == week.runs.end()) break;
      const auto run = cron->next_after(time);
      REQUIRE(run.has_value());
      CHECK(iso8601(static_cast<double>(*run)) == *expected);
    }
  }
}

TEST_CASE(
    "local time: what clocks never show is the end of the gap, what they show twice the first") {
  const TimeZone zone("CET-1CEST,M3.5.0,M10.5.0/3");
  CHECK(iso8601(static_cast<double>(time_of_wall(at("2026-03-29T02:30:00Z")))) ==
        "2026-03-29T01:00:00Z");
  CHECK(iso8601(static_cast<double>(time_of_wall(at("2026-10-25T02:30:00Z")))) ==
        "2026-10-25T00:30:00Z");
  CHECK(iso8601(static_cast<double>(time_of_wall(at("2026-06-01T03:00:00Z")))) ==
        "2026-06-01T01:00:00Z");
  CHECK(local_iso8601(time_of_iso8601("2026-06-01T01:00:00Z")) == "2026-06-01T03:00:00+02:00");
  CHECK(local_text(time_of_iso8601("2026-12-01T01:00:00Z")) == "2026-12-01 02:00 CET");
}

TEST_CASE("local time: a text that is no time is 0") {
  for (const char* text : {"", "yesterday", "2026-06-01", "2026-06-01T03:00:00",
                           "2026-06-01T03:00:00Zx", "2026-13-01T03:00:00Z"})
    CHECK(time_of_iso8601(text) == 0);
}
