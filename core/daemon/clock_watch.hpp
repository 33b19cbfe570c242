#pragma once

#include <cmath>
#include <optional>

namespace jarvis {

/** Notices that the wall clock was set, by a clock that cannot be and that goes on while the
 * machine sleeps. Pure: it is told both times, in seconds. */
class ClockWatch {
 public:
  ClockWatch(double wall, double steady) : ahead_(wall - steady) {}

  /** By how many seconds the wall clock was set since the last look; nothing where it is less than
   * a second or two, as it is kept right. */
  std::optional<double> look(double wall, double steady) {
    const double moved = wall - steady - ahead_;
    ahead_ = wall - steady;
    if (std::abs(moved) < 2) return std::nullopt;
    return moved;
  }

 private:
  double ahead_;
};

}  // namespace jarvis
