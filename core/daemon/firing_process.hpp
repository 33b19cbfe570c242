#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>

#include "core/daemon/state.hpp"

namespace jarvis {

/** One firing at work in a process of its own, so that nothing that a plugin or a library does in a
 * session (crash, leak, hang) stays in the daemon. */
class FiringProcess {
 public:
  /** Forks; only for a process of one thread. `work` runs in the child, which ends with it. The
   * child's signals are unblocked; SIGTERM reaches it also when the daemon dies. */
  static Result<std::unique_ptr<FiringProcess>> start(const std::function<FiringOutcome()>& work);
  /** Ends it the hard way where it still lives. */
  ~FiringProcess();
  FiringProcess(const FiringProcess&) = delete;
  FiringProcess& operator=(const FiringProcess&) = delete;

  /** Readable, or closed, when it has something to say: then call take(). */
  int descriptor() const { return descriptor_; }
  pid_t pid() const { return pid_; }
  /** Its outcome, once it has ended. One that ended without a word has `failed`, and says how. */
  std::optional<FiringOutcome> take();
  void signal(int number) const;

 private:
  FiringProcess(pid_t pid, int descriptor) : pid_(pid), descriptor_(descriptor) {}
  FiringOutcome outcome() const;

  pid_t pid_;
  int descriptor_;
  std::string said_;
  int status_ = 0;
};

}  // namespace jarvis
