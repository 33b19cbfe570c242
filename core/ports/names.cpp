#include <cmath>
#include <ctime>

#include "core/ports/clock.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

std::string_view to_string(Purpose purpose) {
  switch (purpose) {
    case Purpose::diagnosis:
      return "diagnosis";
    case Purpose::planning:
      return "planning";
    case Purpose::run_self:
      return "run_self";
    case Purpose::gold:
      return "gold";
    case Purpose::judge:
      return "judge";
    case Purpose::student:
      return "student";
  }
  return "diagnosis";
}

std::string iso8601(double unix_seconds, const std::string& suffix) {
  const std::time_t seconds = static_cast<std::time_t>(std::floor(unix_seconds));
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return text + suffix;
}

double time_of_iso8601(const std::string& text) {
  std::tm fields{};
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &fields);
  return end && !*end ? static_cast<double>(::timegm(&fields)) : 0;
}

}  // namespace jarvis
