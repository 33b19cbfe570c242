#pragma once

#include <mutex>

#include "core/ports/progress.hpp"

namespace jarvis {

/** Progress on stderr: a line for each step, and on a terminal a counter that is written over. */
class TerminalProgress : public Progress {
 public:
  /** `silent`: says nothing. `live`: stderr is a terminal that can write over a line. */
  TerminalProgress(bool silent, bool live) : silent_(silent), live_(live) {}
  ~TerminalProgress() override;

  void step(const std::string& line) override;
  void count(const std::string& what, int done, int total) override;

 private:
  void clear();

  const bool silent_;
  const bool live_;
  std::mutex mutex_;
  bool counting_ = false;
};

}  // namespace jarvis
