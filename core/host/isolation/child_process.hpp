#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** "ended with status 3", "was ended by signal 9 (Killed)", of what waitpid gives. */
std::string describe_end(int status);

/** A process of its own session and group, with an environment without keys, no terminal, no
 * descriptor of ours but one end of a socket (as descriptor 3). Used by one thread at a time. */
class ChildProcess {
 public:
  ChildProcess() = default;
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  /** Ends it at once. */
  ~ChildProcess();

  /** `socket` becomes the process' descriptor 3; the caller still owns and closes it. */
  static Result<ChildProcess> start(const std::filesystem::path& program, int socket);

  /** Whether it ended by itself, or was ended by somebody else. */
  bool has_ended() const;
  /** Waits for the end as long as `patience` lasts, then kills; processes that it started and left
   * in its group are killed in any case. Says how it ended ("was ended by signal 11 (Segmentation
   * fault)"), with the last words that it wrote to stderr. */
  std::string end(std::chrono::milliseconds patience);

 private:
  std::string last_words() const;

  pid_t process_ = -1;
  int errors_ = -1;  ///< a file in memory: its stderr
};

}  // namespace jarvis
