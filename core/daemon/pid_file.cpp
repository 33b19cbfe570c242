#include "core/daemon/pid_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>

#include "core/base/atomic_file.hpp"
#include "core/home/paths.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

Error system_error(const std::string& what, const fs::path& path) {
  return {ErrorKind::io, "cannot " + what + " '" + path.string() + "': " + std::strerror(errno),
          "check the rights on it and the space on the disk"};
}

pid_t pid_in(int descriptor) {
  char text[32] = {};
  const ssize_t length = ::pread(descriptor, text, sizeof text - 1, 0);
  pid_t pid = 0;
  if (length > 0) std::from_chars(text, text + length, pid);
  return pid;
}

/** Whether the name still stands for the open file: a daemon that ends removes its own. */
bool is_still(const fs::path& path, int descriptor) {
  struct stat open {
  }, named{};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

Result<PidFile> PidFile::take(const fs::path& home) {
  if (auto made = make_private_directory(home / kLearningFolder); !made) return made.error();
  const fs::path path = home / kDaemonPidFile;
  for (;;) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return system_error("open", path);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const bool held = errno == EWOULDBLOCK;
      const Error error =
          held ? Error{ErrorKind::locked,
                       "a daemon runs on this home already: pid " +
                           std::to_string(pid_in(descriptor)),
                       "see 'jarvis learning daemon status', or stop it with 'jarvis learning "
                       "daemon stop'"}
               : system_error("lock", path);
      ::close(descriptor);
      return error;
    }
    if (!is_still(path, descriptor)) {
      ::close(descriptor);
      continue;
    }
    PidFile file(path, descriptor);
    const std::string text = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
      return system_error("write", path);
    return file;
  }
}

PidFile::~PidFile() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

PidFile::PidFile(PidFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

void PidFile::let_go() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

Result<std::optional<pid_t>> running_daemon(const fs::path& home) {
  const fs::path path = home / kDaemonPidFile;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<pid_t>();
    return system_error("open", path);
  }
  std::optional<pid_t> running;
  if (::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    running = pid_in(descriptor);
  ::close(descriptor);
  return running;
}

}  // namespace jarvis
