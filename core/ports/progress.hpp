#pragma once

#include <string>

namespace jarvis {

/** Tells a person how far the work has come. Safe to call from many threads. */
class Progress {
 public:
  virtual ~Progress() = default;
  /** One finished step, in one line. */
  virtual void step(const std::string& line) = 0;
  /** How many of `total` are done; may be called often. */
  virtual void count(const std::string& what, int done, int total) = 0;
};

}  // namespace jarvis
