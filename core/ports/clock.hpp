#pragma once

#include <string>

namespace jarvis {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual double now() const = 0;  ///< unix seconds
};

/** "2026-06-01T03:00:00Z", with `suffix` in place of the Z. */
std::string iso8601(double unix_seconds, const std::string& suffix = "Z");

/** Reads "2026-06-01T03:00:00Z"; 0 where it is something else. */
double time_of_iso8601(const std::string& text);

}  // namespace jarvis
