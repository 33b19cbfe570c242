#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "core/model/result.hpp"

namespace jarvis {

/** `learning/daemon.pid`: the one daemon of a home. It holds an flock on it for its life, so that
 * the file of a dead one, or one whose number another process has now, deceives nobody. */
class PidFile {
 public:
  /** Does not wait: `locked`, with the other's pid, where a daemon lives. A dead one's file is
   * taken over. Makes learning/ where it is missing. */
  static Result<PidFile> take(const std::filesystem::path& home);
  /** Removes the file, unless it was let go. */
  ~PidFile();
  PidFile(PidFile&& other) noexcept;
  PidFile& operator=(PidFile&& other) = delete;

  /** In a process that was forked off: closes it without a trace. */
  void let_go();

 private:
  PidFile(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  std::filesystem::path path_;
  int descriptor_;
};

/** The pid of the daemon that lives; nothing when there is none. */
Result<std::optional<pid_t>> running_daemon(const std::filesystem::path& home);

}  // namespace jarvis
