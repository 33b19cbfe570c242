#include "plugins/students/chat/text_file.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/utf8.hpp>
#include <memory>

namespace jarvis::chat {

namespace {

/** A descriptor that is closed with the object. */
class Opened {
 public:
  // What is no file must not be waited for.
  explicit Opened(const std::string& path)
      : descriptor_(
            ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) {}
  ~Opened() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

/** Files that are made up by the kernel: of processes, of devices, of other programs. */
bool is_made_up(int descriptor) {
  struct statfs facts {};
  if (::fstatfs(descriptor, &facts) != 0) return true;
  for (const auto kind : {PROC_SUPER_MAGIC, SYSFS_MAGIC, DEBUGFS_MAGIC, SECURITYFS_MAGIC,
                          CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, TRACEFS_MAGIC})
    if (static_cast<unsigned long>(facts.f_type) == static_cast<unsigned long>(kind)) return true;
  return false;
}

std::string whole_of(int descriptor, const std::string& shown, std::size_t most_bytes) {
  std::string text(most_bytes + 1, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t count = ::read(descriptor, text.data() + filled, text.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw sdk::invalid("'" + shown + "' cannot be read: " + std::strerror(errno));
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  if (filled > most_bytes)
    throw sdk::invalid("'" + shown + "' is larger than " + std::to_string(most_bytes) + " bytes");
  text.resize(filled);
  return text;
}

}  // namespace

bool is_below(const std::string& path, const std::string& folder) {
  const std::string with_end = folder == "/" ? folder : folder + "/";
  return path == folder || path.compare(0, with_end.size(), with_end) == 0;
}

std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> found(::realpath(path.c_str(), nullptr), std::free);
  return found ? found.get() : "";
}

std::string text_file_below(const std::string& root, const std::string& path,
                            const std::string& shown, std::size_t most_bytes) {
  if (path.find('\0') != std::string::npos) throw sdk::invalid("a path cannot hold a NUL");
  const std::string real = resolved(path);
  // Whether something is there is nobody's business outside of the root.
  if (real.empty() || !is_below(real, root))
    throw sdk::invalid("there is no file '" + shown + "' in the folder that may be read");
  const Opened file(real);
  struct stat facts {};
  if (file.get() < 0 || ::fstat(file.get(), &facts) != 0)
    throw sdk::invalid("'" + shown + "' cannot be opened: " + std::strerror(errno));
  if (S_ISDIR(facts.st_mode)) throw sdk::invalid("'" + shown + "' is a folder");
  if (!S_ISREG(facts.st_mode) || is_made_up(file.get()))
    throw sdk::invalid("'" + shown + "' is no file of a disk");
  // A folder on the way may have become a link meanwhile.
  if (resolved("/proc/self/fd/" + std::to_string(file.get())) != real)
    throw sdk::invalid("'" + shown + "' was moved while it was opened");
  std::string text = whole_of(file.get(), shown, most_bytes);
  if (text.find('\0') != std::string::npos || !text::is_utf8(text))
    throw sdk::invalid("'" + shown + "' is not UTF-8 text");
  return text;
}

}  // namespace jarvis::chat
