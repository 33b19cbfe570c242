#pragma once

#include <array>
#include <optional>
#include <string>

namespace jarvis {

/** How far a piece of work has come. */
struct WorkCount {
  std::string what;
  int done = 0;
  int total = 0;
  /** Where two states are compared: how much better the second one is so far, and its 90 %
   * interval. */
  std::optional<double> delta = {};
  std::optional<std::array<double, 2>> interval = {};
};

/** Tells a person how far the work has come. Safe to call from many threads. */
class Progress {
 public:
  virtual ~Progress() = default;
  /** What begins now, or has just ended, in one line. */
  virtual void step(const std::string& line) = 0;
  /** May be called often. */
  virtual void count(const WorkCount& work) = 0;
  /** What the session has paid so far and may pay in all, USD. May be called often. */
  virtual void money(double spent_usd, double cap_usd) = 0;
};

}  // namespace jarvis
