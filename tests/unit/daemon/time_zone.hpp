#pragma once

#include <cstdlib>
#include <ctime>
#include <string>

namespace jarvis::testing {

/** The local time zone of the process, for as long as the object lives. */
class TimeZone {
 public:
  explicit TimeZone(const std::string& zone) {
    if (const char* before = std::getenv("TZ")) before_ = before;
    ::setenv("TZ", zone.c_str(), 1);
    ::tzset();
  }
  ~TimeZone() {
    if (before_.empty())
      ::unsetenv("TZ");
    else
      ::setenv("TZ", before_.c_str(), 1);
    ::tzset();
  }
  TimeZone(const TimeZone&) = delete;
  TimeZone& operator=(const TimeZone&) = delete;

 private:
  std::string before_;
};

}  // namespace jarvis::testing
