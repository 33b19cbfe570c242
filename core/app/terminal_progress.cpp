#include "core/app/terminal_progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/app/cli/output.hpp"
#include "core/app/cli/text_layout.hpp"
#include "core/app/terminal.hpp"

namespace jarvis {

namespace {

constexpr int kLeastDone = 3;  ///< before that an estimate is a guess

/** Asked for each line: the window may change its size. */
std::size_t columns_of_stderr() {
  return static_cast<std::size_t>(columns_of_terminal(STDERR_FILENO));
}

std::string gain(const WorkCount& work) {
  if (!work.delta || !work.interval) return "";
  return points(*work.delta) + " points [" + points((*work.interval)[0]) + ", " +
         points((*work.interval)[1]) + "]";
}

/** What does not fit any more is left out: a line that is written over must not be broken. */
void append(std::string& line, const std::string& part, std::size_t columns) {
  if (part.empty()) return;
  const std::string with = line + (line.size() > 2 ? "  " : "") + part;
  if (columns_of(with) < columns) line = with;
}

}  // namespace

std::string time_left(double seconds, int done, int total) {
  if (done < kLeastDone || total <= done) return "";
  const double left = seconds / done * (total - done);
  if (left < 1) return "";
  if (left < 90) return std::to_string(std::lround(left)) + " s left";
  return std::to_string(std::lround(left / 60)) + " min left";
}

TerminalProgress::~TerminalProgress() {
  clear();
}

void TerminalProgress::clear() {
  if (drawn_columns_ == 0) return;
  // A window that became narrower has broken the line.
  const std::size_t above = (drawn_columns_ - 1) / columns_of_stderr();
  const std::string up = above > 0 ? "\x1b[" + std::to_string(above) + "A" : "";
  std::fprintf(stderr, "\r%s\x1b[J", up.c_str());
  drawn_columns_ = 0;
}

void TerminalProgress::draw() {
  const std::size_t columns = columns_of_stderr();
  std::string line = "  ";
  if (work_.total > 0)
    append(
        line,
        visible(work_.what) + " " + std::to_string(work_.done) + "/" + std::to_string(work_.total),
        columns);
  append(line, gain(work_), columns);
  if (cap_usd_ > 0) append(line, dollars(spent_usd_) + " of " + dollars(cap_usd_), columns);
  append(line, time_left(std::chrono::steady_clock::now()), columns);
  clear();
  if (line.size() > 2) std::fputs(line.c_str(), stderr);
  std::fflush(stderr);
  drawn_columns_ = line.size() > 2 ? columns_of(line) : 0;
}

std::string TerminalProgress::time_left(Time now) const {
  return jarvis::time_left(std::chrono::duration<double>(now - began_).count(),
                           work_.done - first_done_, work_.total - first_done_);
}

void TerminalProgress::step(const std::string& line) {
  if (silent_) return;
  const std::lock_guard lock(mutex_);
  clear();
  // Elsewhere than at a terminal a line stays one line: programs look through it.
  const auto parts = live_ ? wrapped(visible(line), columns_of_stderr() - 2, false)
                           : std::vector<std::string>{visible(line)};
  const char* before = "· ";
  for (const std::string& part : parts) {
    std::fprintf(stderr, "%s%s\n", before, part.c_str());
    before = "  ";
  }
  work_ = {};
  if (live_) draw();
}

void TerminalProgress::count(const WorkCount& work) {
  if (silent_ || !live_) return;
  const std::lock_guard lock(mutex_);
  const bool is_new =
      work.what != work_.what || work.total != work_.total || work.done < work_.done;
  if (is_new) {
    first_done_ = work.done;
    began_ = std::chrono::steady_clock::now();
  }
  work_ = work;
  draw();
}

void TerminalProgress::make_room() {
  const std::lock_guard lock(mutex_);
  clear();
}

void TerminalProgress::money(double spent_usd, double cap_usd) {
  const std::lock_guard lock(mutex_);
  const bool is_news = spent_usd != spent_usd_ || cap_usd != cap_usd_;
  spent_usd_ = spent_usd;
  cap_usd_ = cap_usd;
  if (is_news && live_ && !silent_) draw();
}

}  // namespace jarvis
