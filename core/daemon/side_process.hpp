#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/daemon/firing_process.hpp"

namespace jarvis {

/** Work that goes on beside the daemon in a process of its own, and is begun again when it ends:
 * the daemon neither waits for it nor falls with it. */
class SideProcess {
 public:
  /** Ends only when it cannot go on; then its outcome has the error. Owns what it works with. */
  using Work = std::function<FiringOutcome()>;

  /** `in_child` lets go of what is the daemon's, in the new process. */
  explicit SideProcess(std::string name, std::function<void()> in_child)
      : name_(std::move(name)), in_child_(std::move(in_child)) {}

  /** Ends what is at work; the next look() begins this, and nothing for an empty one. */
  void replace(Work work, double now);
  /** Begins again what has ended, when it is time; call it when descriptor() is readable and when
   * next_start() is past. */
  void look(double now);

  /** Readable when the process has ended; -1 while there is none. */
  int descriptor() const { return process_ ? process_->descriptor() : -1; }
  std::optional<double> next_start() const;

  /** In another process that was forked off: lets go of what the work owns. */
  void let_go() { work_ = nullptr; }

 private:
  void start(double now);

  std::string name_;
  std::function<void()> in_child_;
  Work work_;
  std::unique_ptr<FiringProcess> process_;
  double start_at_ = 0;
};

}  // namespace jarvis
