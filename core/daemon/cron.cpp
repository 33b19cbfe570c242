#include "core/daemon/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <sstream>
#include <string_view>
#include <vector>

#include "core/daemon/local_time.hpp"

namespace jarvis {

namespace {

namespace chrono = std::chrono;

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr int kLongestSearch = 50 * 366;  // days
constexpr std::size_t kLongestText = 1000;

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  std::string_view name;
  int first = 0;
  int last = 0;
  const std::string_view* names = nullptr;
  int name_count = 0;
};

constexpr Field kMinutes{"minute", 0, 59};
constexpr Field kHours{"hour", 0, 23};
constexpr Field kDays{"day of month", 1, 31};
constexpr Field kMonthField{"month", 1, 12, kMonths, 12};
constexpr Field kWeekdayField{"day of week", 0, 7, kWeekdays, 7};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kMacros{
    {{"@hourly", "0 * * * *"},
     {"@daily", "0 0 * * *"},
     {"@midnight", "0 0 * * *"},
     {"@weekly", "0 0 * * 0"},
     {"@monthly", "0 0 1 * *"},
     {"@yearly", "0 0 1 1 *"},
     {"@annually", "0 0 1 1 *"}}};

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

std::string bounds(const Field& field) {
  return std::to_string(field.first) + " to " + std::to_string(field.last);
}

}  // namespace

/** Reads one expression; the first thing that is wrong is kept as the error. */
class CronReader {
 public:
  explicit CronReader(const std::string& text) : text_(text) {}

  Result<CronSchedule> read() {
    if (text_.size() > kLongestText) return invalid("has more than 1000 characters");
    std::vector<std::string> words = words_of(lower(text_));
    if (words.empty()) return invalid("is empty");
    if (words.front().front() == '@') {
      if (auto expanded = expand(words); !expanded) return expanded.error();
    }
    if (words.size() != 5)
      return invalid("has " + std::to_string(words.size()) +
                     (words.size() == 1 ? " field" : " fields") + " instead of 5");
    CronSchedule cron;
    read_field(kMinutes, words[0], cron.minutes_);
    read_field(kHours, words[1], cron.hours_);
    read_field(kDays, words[2], cron.days_);
    read_field(kMonthField, words[3], cron.months_);
    std::bitset<8> weekdays;
    read_field(kWeekdayField, words[4], weekdays);
    if (!problem_.empty()) return invalid(problem_);
    for (std::size_t day = 0; day < 8; ++day)
      if (weekdays.test(day)) cron.weekdays_.set(day % 7);
    cron.any_day_ = words[2].front() == '*';
    cron.any_weekday_ = words[4].front() == '*';
    if (!ever_comes(cron)) return invalid("names a date that never comes");
    return cron;
  }

 private:
  Error invalid(const std::string& what) const {
    return {ErrorKind::invalid,
            "the cron expression '" +
                (text_.size() > kLongestText ? text_.substr(0, 40) + "…" : text_) + "' " + what,
            "write 'minute hour day-of-month month day-of-week', for instance '0 3 * * *' for "
            "three o'clock every night"};
  }

  Result<void> expand(std::vector<std::string>& words) const {
    if (words.size() > 1) return invalid("has more after '" + words.front() + "'");
    const auto found = std::find_if(kMacros.begin(), kMacros.end(), [&](const auto& macro) {
      return macro.first == words.front();
    });
    if (found == kMacros.end())
      return invalid(
          "is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly and @annually");
    words = words_of(std::string(found->second));
    return {};
  }

  void refuse(const Field& field, const std::string& what) {
    if (problem_.empty()) problem_ = "has a wrong " + std::string(field.name) + ": " + what;
  }

  std::optional<int> number(const Field& field, const std::string& text) {
    for (int i = 0; i < field.name_count; ++i)
      if (field.names[i] == text) return i + (field.first == 1 ? 1 : 0);
    int value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || end != text.data() + text.size() || error == std::errc::invalid_argument) {
      refuse(field,
             "'" + text + "' is no " + (field.name_count > 0 ? "number and no name" : "number"));
      return std::nullopt;
    }
    if (error != std::errc() || value < field.first || value > field.last) {
      refuse(field, "'" + text + "' is not within " + bounds(field));
      return std::nullopt;
    }
    return value;
  }

  std::optional<int> step(const Field& field, const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && value > 0 &&
        value <= field.last)
      return value;
    refuse(field, "the step '" + text + "' is not within 1 to " + std::to_string(field.last));
    return std::nullopt;
  }

  template <std::size_t N>
  void read_field(const Field& field, const std::string& text, std::bitset<N>& values) {
    for (const std::string& item : split(text, ',')) read_item(field, item, values);
  }

  template <std::size_t N>
  void read_item(const Field& field, const std::string& item, std::bitset<N>& values) {
    if (item.empty()) return refuse(field, "an item of its list is empty");
    const std::size_t slash = item.find('/');
    const std::string range = item.substr(0, slash);
    int every = 1;
    if (slash != std::string::npos) {
      const auto wanted = step(field, item.substr(slash + 1));
      if (!wanted) return;
      every = *wanted;
    }
    int first = field.first, last = field.last;
    if (range != "*") {
      const std::size_t dash = range.find('-');
      const auto begin = number(field, range.substr(0, dash));
      if (!begin) return;
      first = *begin;
      if (dash != std::string::npos) {
        const auto end = number(field, range.substr(dash + 1));
        if (!end) return;
        // "sat-sun": here Sunday ends the week.
        last = *end == 0 && first > 0 && field.name == kWeekdayField.name ? 7 : *end;
      } else if (slash == std::string::npos) {
        last = first;
      }
    }
    if (first > last) return refuse(field, "the range '" + range + "' ends before it begins");
    for (int value = first; value <= last; value += every)
      values.set(static_cast<std::size_t>(value));
  }

  static bool ever_comes(const CronSchedule& cron) {
    if (!cron.any_day_ && !cron.any_weekday_) return true;
    constexpr unsigned kLengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (unsigned month = 1; month <= 12; ++month)
      for (unsigned day = 1; day <= kLengths[month - 1]; ++day)
        if (cron.months_.test(month) && cron.days_.test(day)) return true;
    return false;
  }

  const std::string& text_;
  std::string problem_;
};

Result<CronSchedule> CronSchedule::parse(const std::string& text) {
  return CronReader(text).read();
}

bool CronSchedule::matches_day(std::int64_t day) const {
  const chrono::sys_days date{chrono::days(day)};
  const chrono::year_month_day fields(date);
  if (!months_.test(static_cast<unsigned>(fields.month()))) return false;
  const bool of_month = days_.test(static_cast<unsigned>(fields.day()));
  const bool of_week = weekdays_.test(chrono::weekday(date).c_encoding());
  return any_day_ || any_weekday_ ? of_month && of_week : of_month || of_week;
}

bool CronSchedule::matches(std::int64_t wall) const {
  const std::int64_t day = chrono::floor<chrono::days>(chrono::seconds(wall)).count();
  const std::int64_t within = wall - day * kDay;
  return matches_day(day) && hours_.test(static_cast<std::size_t>(within / kHour)) &&
         minutes_.test(static_cast<std::size_t>(within % kHour / kMinute));
}

std::optional<std::int64_t> CronSchedule::next_after(std::int64_t time) const {
  // Later on the wall is never earlier in time, so that the first that is after `time` is the next.
  const std::int64_t from = wall_of(time);
  const std::int64_t today = chrono::floor<chrono::days>(chrono::seconds(from)).count();
  for (std::int64_t day = today; day < today + kLongestSearch; ++day) {
    if (!matches_day(day)) continue;
    for (std::size_t hour = 0; hour < hours_.size(); ++hour) {
      if (!hours_.test(hour)) continue;
      for (std::size_t minute = 0; minute < minutes_.size(); ++minute) {
        if (!minutes_.test(minute)) continue;
        const std::int64_t wall = day * kDay + static_cast<std::int64_t>(hour) * kHour +
                                  static_cast<std::int64_t>(minute) * kMinute;
        if (wall + kMinute <= from) continue;
        if (const std::int64_t found = time_of_wall(wall); found > time) return found;
      }
    }
  }
  return std::nullopt;
}

}  // namespace jarvis
