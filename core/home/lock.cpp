#include "core/home/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <utility>

#include "core/base/atomic_file.hpp"
#include "core/home/paths.hpp"
#include "core/model/json.hpp"
#include "core/ports/clock.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

Error system_error(const std::string& what, const fs::path& path) {
  return {ErrorKind::io, "cannot " + what + " '" + path.string() + "': " + std::strerror(errno),
          "check the rights on it and the space on the disk"};
}

std::optional<json::object> facts_in(const fs::path& path) {
  const auto text = read_file(path, 4096);
  boost::system::error_code error;
  const json::value holder = text ? json::parse(*text, error) : json::value();
  if (!text || error || !holder.is_object()) return std::nullopt;
  return holder.as_object();
}

/** What the holder wrote. One that has just taken the lock has yet to write it. */
std::optional<json::object> facts_of_holder(const fs::path& path) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    if (auto facts = facts_in(path)) return facts;
    ::usleep(5000);
  }
  return std::nullopt;
}

Error held_by_other(const fs::path& path) {
  const std::string hint = "wait until it has finished, or stop it";
  const auto holder = facts_of_holder(path);
  if (!holder) return {ErrorKind::locked, "another session holds the home", hint};
  const json::object& facts = *holder;
  return {ErrorKind::locked,
          "another session holds the home: pid " +
              std::to_string(sdk::optional_integer(facts, "pid")) + " on '" +
              sdk::optional_string(facts, "host") + "', '" +
              sdk::optional_string(facts, "command") + "', since " +
              sdk::optional_string(facts, "since"),
          hint};
}

std::string description(const std::string& command) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  return json::serialize(
             json::object{{"pid", ::getpid()},
                          {"host", host},
                          {"command", command},
                          {"since", iso8601(static_cast<double>(std::time(nullptr)))}}) +
         "\n";
}

}  // namespace

Result<HomeLock> HomeLock::take(const fs::path& home, const std::string& command) {
  if (auto made = make_private_directory(home / kLearningFolder); !made) return made.error();
  const fs::path path = home / kLockFile;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return system_error("open", path);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    // Closed by hand: the destructor would wipe what the holder wrote.
    const Error error = errno == EWOULDBLOCK ? held_by_other(path) : system_error("lock", path);
    ::close(descriptor);
    return error;
  }
  HomeLock lock(descriptor);
  const std::string text = description(command);
  if (::ftruncate(descriptor, 0) != 0 ||
      ::pwrite(descriptor, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return system_error("write", path);
  return lock;
}

std::optional<LockHolder> lock_holder(const fs::path& home) {
  const auto holder = facts_in(home / kLockFile);
  if (!holder) return std::nullopt;
  const json::object& facts = *holder;
  const auto pid = static_cast<pid_t>(sdk::optional_integer(facts, "pid"));
  if (pid <= 0 || (::kill(pid, 0) != 0 && errno == ESRCH)) return std::nullopt;
  return LockHolder{sdk::optional_string(facts, "command"), sdk::optional_string(facts, "since")};
}

HomeLock::~HomeLock() {
  if (descriptor_ < 0) return;
  // What stays behind must not look like a holder; the lock itself goes with the descriptor.
  if (::ftruncate(descriptor_, 0) != 0) errno = 0;
  ::close(descriptor_);
}

HomeLock::HomeLock(HomeLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

HomeLock& HomeLock::operator=(HomeLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

}  // namespace jarvis
