#pragma once

#include <chrono>
#include <mutex>

#include "core/ports/progress.hpp"

namespace jarvis {

/** Progress on stderr: a line for each step, and below them on a terminal one that is written over:
 * what is counted, how much better the candidate is so far, the money, the time left. */
class TerminalProgress : public Progress {
 public:
  /** `silent`: says nothing. `live`: stderr is a terminal that can write over a line. */
  TerminalProgress(bool silent, bool live) : silent_(silent), live_(live) {}
  ~TerminalProgress() override;

  void step(const std::string& line) override;
  void count(const WorkCount& work) override;
  void money(double spent_usd, double cap_usd) override;
  /** Takes the line away until there is news: something else is about to be written there. */
  void make_room();

 private:
  using Time = std::chrono::steady_clock::time_point;

  void clear();
  void draw();
  std::string time_left(Time now) const;

  const bool silent_;
  const bool live_;
  std::mutex mutex_;
  std::size_t drawn_columns_ = 0;  ///< of the line that is written over
  WorkCount work_;
  int first_done_ = 0;  ///< when its counting began
  Time began_;
  double spent_usd_ = 0;
  double cap_usd_ = 0;  ///< 0: nothing is known of the money
};

/** "3 min left", "40 s left"; empty while too little is done to tell. Seconds that `done` of
 * `total` took. */
std::string time_left(double seconds, int done, int total);

}  // namespace jarvis
