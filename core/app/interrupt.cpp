#include "core/app/interrupt.hpp"

#include <csignal>

namespace jarvis {

namespace {

volatile std::sig_atomic_t stop_wanted = 0;

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_wanted = 1; };
  // The second signal finds the default action again and ends a program that does not come to a
  // stop.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool interrupted() {
  return stop_wanted != 0;
}

}  // namespace jarvis
