#include "core/base/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLeastWritten = std::size_t{256} << 10;

/** An open file descriptor, closed with the object. */
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }
  bool ok() const { return number_ >= 0; }

 private:
  int number_;
};

Error system_error(const std::string& what, const fs::path& path) {
  const int code = errno;
  return {code == ENOENT ? ErrorKind::not_found : ErrorKind::io,
          "cannot " + what + " '" + path.string() + "': " + std::strerror(code), ""};
}

Result<void> write_all(int descriptor, const std::string& text, const fs::path& path) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write", path);
    done += static_cast<std::size_t>(count);
  }
  return {};
}

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

Result<void> sync_directory(const fs::path& directory) {
  const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.ok()) return system_error("open", directory);
  if (::fsync(opened.number()) != 0) return system_error("sync", directory);
  return {};
}

Result<std::string> read_file(const fs::path& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return system_error("read", path);
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) return system_error("read", path);
  if (!S_ISREG(facts.st_mode))
    return Error{ErrorKind::io, "'" + path.string() + "' is not a regular file", ""};
  if (static_cast<std::size_t>(facts.st_size) > limit)
    return Error{ErrorKind::refused,
                 "'" + path.string() + "' is too large: " + std::to_string(facts.st_size) +
                     " bytes, at most " + std::to_string(limit),
                 ""};
  std::string text(static_cast<std::size_t>(facts.st_size), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(file.number(), text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("read", path);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

FileReplacement::FileReplacement(fs::path path, fs::path beside, mode_t mode, int file)
    : path_(std::move(path)), beside_(std::move(beside)), mode_(mode), file_(file) {}

FileReplacement::~FileReplacement() {
  if (file_ >= 0) ::close(file_);
  if (!committed_) ::unlink(beside_.c_str());
}

Result<std::unique_ptr<FileReplacement>> FileReplacement::begin(const fs::path& path, mode_t mode) {
  static std::atomic<unsigned> serial{0};
  fs::path beside = path.string() + ".new-" + std::to_string(::getpid()) + "-" +
                    std::to_string(serial.fetch_add(1));
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return system_error("write", path);
  return std::unique_ptr<FileReplacement>(new FileReplacement(path, std::move(beside), mode, file));
}

Result<void> FileReplacement::append(std::string_view text) {
  waiting_.append(text);
  return waiting_.size() < kLeastWritten ? Result<void>() : flush();
}

Result<void> FileReplacement::flush() {
  auto written = write_all(file_, waiting_, path_);
  waiting_.clear();
  return written;
}

Result<void> FileReplacement::commit() {
  if (auto written = flush(); !written) return written;
  // The umask may have taken bits away that the file it replaces has.
  if (::fchmod(file_, mode_) != 0) return system_error("set the mode of", path_);
  if (::fsync(file_) != 0) return system_error("sync", path_);
  ::close(std::exchange(file_, -1));
  if (::rename(beside_.c_str(), path_.c_str()) != 0) return system_error("replace", path_);
  committed_ = true;
  return sync_directory(directory_of(path_));
}

Result<void> write_file_atomically(const fs::path& path, const std::string& text, mode_t mode) {
  auto replacement = FileReplacement::begin(path, mode);
  if (!replacement) return replacement.error();
  if (auto written = (*replacement)->append(text); !written) return written;
  return (*replacement)->commit();
}

Result<void> append_line_durably(const fs::path& path, const std::string& line) {
  std::error_code unknown;
  const bool existed = fs::exists(path, unknown);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!file.ok()) return system_error("append to", path);
  if (auto written = write_all(file.number(), line + "\n", path); !written) return written;
  if (::fsync(file.number()) != 0) return system_error("sync", path);
  if (!existed) return sync_directory(directory_of(path));
  return {};
}

Result<void> make_private_directory(const fs::path& path) {
  std::error_code unknown;
  if (path.empty() || fs::is_directory(path, unknown)) return {};
  if (path.has_parent_path())
    if (auto parent = make_private_directory(path.parent_path()); !parent) return parent;
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  const Error failure = system_error("make", path);
  // Somebody else may have made it in the meantime; anything but a directory is in the way.
  if (fs::is_directory(path, unknown)) return {};
  return failure;
}

}  // namespace jarvis
