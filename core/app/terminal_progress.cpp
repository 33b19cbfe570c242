#include "core/app/terminal_progress.hpp"

#include <cstdio>

#include "core/app/cli/output.hpp"

namespace jarvis {

TerminalProgress::~TerminalProgress() {
  clear();
}

void TerminalProgress::clear() {
  if (counting_) std::fputs("\r\x1b[K", stderr);
  counting_ = false;
}

void TerminalProgress::step(const std::string& line) {
  if (silent_) return;
  const std::lock_guard lock(mutex_);
  clear();
  std::fprintf(stderr, "· %s\n", visible(line).c_str());
}

void TerminalProgress::count(const std::string& what, int done, int total) {
  if (silent_ || !live_) return;
  const std::lock_guard lock(mutex_);
  std::fprintf(stderr, "\r\x1b[K  %s %d/%d", visible(what).c_str(), done, total);
  std::fflush(stderr);
  counting_ = true;
}

}  // namespace jarvis
