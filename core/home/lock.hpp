#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/model/result.hpp"

namespace jarvis {

/** The right to change a home: an flock on learning/lock, held as long as the object lives and
 * given back by the kernel when the process dies. The file says who holds it:
 * {"pid","host","command","since"}. */
class HomeLock {
 public:
  /** Does not wait: a second holder gets `locked` with the first one's pid. Makes learning/ (0700)
   * when it is missing. */
  static Result<HomeLock> take(const std::filesystem::path& home, const std::string& command);
  ~HomeLock();
  HomeLock(HomeLock&& other) noexcept;
  HomeLock& operator=(HomeLock&& other) noexcept;

 private:
  explicit HomeLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

/** Who holds the home now ("learning run", since when), as its lock's file says; nothing when
 * nobody on this machine does. Takes no lock, so that it is in nobody's way. */
struct LockHolder {
  std::string command;
  std::string since;  ///< ISO 8601 UTC
};
std::optional<LockHolder> lock_holder(const std::filesystem::path& home);

}  // namespace jarvis
