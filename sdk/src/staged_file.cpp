#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <jarvis/sdk/failure.hpp>
#include <jarvis/text/staged_file.hpp>
#include <utility>
#include <vector>

namespace jarvis::text {

namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20;

/** An open file descriptor, closed with the object. */
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

[[noreturn]] void fail(const std::string& action, const std::string& relative, int code) {
  throw sdk::unavailable("cannot " + action + " '" + relative + "': " + std::strerror(code));
}

std::vector<std::string> parts_of(const std::string& relative) {
  std::vector<std::string> parts(1);
  for (const char c : relative) {
    if (c == '/')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  for (const std::string& part : parts)
    if (part.empty() || part == "." || part == ".." || part.find('\0') != std::string::npos)
      throw sdk::invalid("path '" + relative + "' is not a plain path below the home");
  return parts;
}

/** Throws when `name` in `directory` is a symbolic link. */
void refuse_link(const Descriptor& directory, const std::string& name,
                 const std::string& relative) {
  char target[PATH_MAX];
  const ssize_t length = ::readlinkat(directory.number(), name.c_str(), target, sizeof(target));
  if (length < 0) return;
  throw sdk::refused("'" + relative + "' is reached through the symbolic link '" + name + "' to '" +
                         std::string(target, static_cast<std::size_t>(length)) + "'",
                     "edit the target by hand, or put a regular file in place of the link");
}

/** The folder that holds the last part of `relative`; not ok when a folder is missing and `make` is
 * false. */
Descriptor open_folder(const std::string& home, const std::string& relative, bool make) {
  const std::vector<std::string> parts = parts_of(relative);
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Descriptor folder(::open(home.c_str(), kFlags));
  if (!folder.ok()) fail("open the home of", relative, errno);
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const char* name = parts[i].c_str();
    refuse_link(folder, parts[i], relative);
    if (make && ::mkdirat(folder.number(), name, 0700) != 0 && errno != EEXIST)
      fail("make the folder of", relative, errno);
    Descriptor next(::openat(folder.number(), name, kFlags | O_NOFOLLOW));
    if (!next.ok() && errno == ENOENT) return next;
    if (!next.ok() && errno == ENOTDIR)
      throw sdk::refused("'" + parts[i] + "' on the way to '" + relative + "' is not a folder");
    if (!next.ok()) fail("open the folder of", relative, errno);
    folder = std::move(next);
  }
  return folder;
}

std::string last_part(const std::string& relative) {
  return relative.substr(relative.rfind('/') + 1);  // npos + 1 is 0
}

/** The facts of the file, nothing when there is none. Refuses all but regular files. */
std::optional<struct stat> facts_of(const Descriptor& folder, const std::string& relative) {
  const std::string name = last_part(relative);
  refuse_link(folder, name, relative);
  struct stat facts {};
  if (::fstatat(folder.number(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    fail("read", relative, errno);
  }
  if (!S_ISREG(facts.st_mode)) throw sdk::refused("'" + relative + "' is not a regular file");
  return facts;
}

std::string read_all(const Descriptor& file, const std::string& relative) {
  std::string text;
  char block[65536];
  while (true) {
    const ssize_t count = ::read(file.number(), block, sizeof(block));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read", relative, errno);
    if (count == 0) return text;
    text.append(block, static_cast<std::size_t>(count));
    if (text.size() > kLargestFile)
      throw sdk::refused("'" + relative + "' is larger than " + std::to_string(kLargestFile) +
                         " bytes");
  }
}

void write_all(const Descriptor& file, const std::string& text, const std::string& relative) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("write", relative, errno);
    done += static_cast<std::size_t>(count);
  }
}

}  // namespace

std::optional<std::string> read_staged_file(const std::string& home, const std::string& relative) {
  const Descriptor folder = open_folder(home, relative, false);
  if (!folder.ok() || !facts_of(folder, relative)) return std::nullopt;
  const Descriptor file(::openat(folder.number(), last_part(relative).c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.ok()) fail("read", relative, errno);
  return read_all(file, relative);
}

void write_staged_file(const std::string& home, const std::string& relative,
                       const std::string& text) {
  const Descriptor folder = open_folder(home, relative, true);
  if (!folder.ok()) fail("write", relative, ENOENT);
  const std::optional<struct stat> facts = facts_of(folder, relative);
  const mode_t mode = facts ? facts->st_mode & 07777u : 0600u;
  const std::string name = last_part(relative);
  const std::string beside = "." + name + ".new-" + std::to_string(::getpid());
  const Descriptor file(::openat(folder.number(), beside.c_str(),
                                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.ok()) fail("write", relative, errno);
  try {
    write_all(file, text, relative);
    if (::fchmod(file.number(), mode) != 0) fail("set the permissions of", relative, errno);
    if (::renameat(folder.number(), beside.c_str(), folder.number(), name.c_str()) != 0)
      fail("replace", relative, errno);
  } catch (...) {
    ::unlinkat(folder.number(), beside.c_str(), 0);
    throw;
  }
}

}  // namespace jarvis::text
