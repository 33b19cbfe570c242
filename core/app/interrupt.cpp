#include "core/app/interrupt.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>

namespace jarvis {

namespace {

volatile std::sig_atomic_t stop_wanted = 0;
std::atomic<const std::string*> answer{nullptr};
static_assert(std::atomic<const std::string*>::is_always_lock_free);

void stop(int signal) {
  const int error = errno;
  stop_wanted = 1;
  // Whoever sends SIGTERM does not look on.
  const std::string* const words = answer.load();
  if (signal == SIGINT && words) [[maybe_unused]]
    const ssize_t written = ::write(STDERR_FILENO, words->data(), words->size());
  errno = error;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = stop;
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

InterruptAnswer::InterruptAnswer(std::string words)
    // The terminal shows "^C" where the cursor stands: the answer gets a line of its own.
    : words_("\n" + std::move(words) + "\n") {
  answer.store(&words_);
}

InterruptAnswer::~InterruptAnswer() {
  answer.store(nullptr);
}

}  // namespace jarvis
