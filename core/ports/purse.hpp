#pragma once

#include <map>
#include <string>

#include "core/ports/teacher.hpp"

namespace jarvis {

/** How far into a session the money may be spent. Each step raises the ceiling: half of the cap is
 * kept for execute until planning ends, and a part of the first half for concluding and for
 * planning. */
enum class SpendingStep { diagnose, conclude, plan, execute };

/** The money of one session. Safe to call from many threads. */
class Purse {
 public:
  virtual ~Purse() = default;
  virtual void allow(SpendingStep step) = 0;
  virtual double cap_usd() const = 0;
  virtual double spent_usd() const = 0;
  /** Reserved by calls whose end was never seen; counts against the cap. */
  virtual double unsettled_usd() const = 0;
  virtual std::map<std::string, double> spent_by_purpose() const = 0;
};

}  // namespace jarvis
