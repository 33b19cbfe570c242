#include "core/app/terminal_progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/app/cli/output.hpp"

namespace jarvis {

namespace {

constexpr int kPlainWidth = 80;
constexpr int kLeastDone = 3;  ///< before that an estimate is a guess

/** Asked for each line: the window may change its size. */
int width_of_stderr() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col
                                                                           : kPlainWidth;
}

std::string gain(const WorkCount& work) {
  if (!work.delta || !work.interval) return "";
  return points(*work.delta) + " points [" + points((*work.interval)[0]) + ", " +
         points((*work.interval)[1]) + "]";
}

void append(std::string& line, const std::string& part, std::size_t width) {
  if (part.empty()) return;
  const std::string with = line + (line.size() > 2 ? "  " : "") + part;
  if (with.size() < width) line = with;
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
  if (is_drawn_) std::fputs("\r\x1b[K", stderr);
  is_drawn_ = false;
}

void TerminalProgress::draw() {
  const auto width = static_cast<std::size_t>(width_of_stderr());
  std::string line = "  ";
  if (work_.total > 0)
    append(
        line,
        visible(work_.what) + " " + std::to_string(work_.done) + "/" + std::to_string(work_.total),
        width);
  append(line, gain(work_), width);
  if (cap_usd_ > 0) append(line, dollars(spent_usd_) + " of " + dollars(cap_usd_), width);
  append(line, time_left(std::chrono::steady_clock::now()), width);
  if (line.size() <= 2) return;
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  is_drawn_ = true;
}

std::string TerminalProgress::time_left(Time now) const {
  return jarvis::time_left(std::chrono::duration<double>(now - began_).count(),
                           work_.done - first_done_, work_.total - first_done_);
}

void TerminalProgress::step(const std::string& line) {
  if (silent_) return;
  const std::lock_guard lock(mutex_);
  clear();
  std::fprintf(stderr, "· %s\n", visible(line).c_str());
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

void TerminalProgress::money(double spent_usd, double cap_usd) {
  const std::lock_guard lock(mutex_);
  spent_usd_ = spent_usd;
  cap_usd_ = cap_usd;
}

}  // namespace jarvis
