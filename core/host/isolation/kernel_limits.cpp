#include "core/host/isolation/kernel_limits.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDevices[] = {"/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};

constexpr std::uint64_t kRead =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                                 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                                 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;

// What later versions of Landlock added, which the headers at hand may not know.
constexpr std::uint64_t kRefer = std::uint64_t{1} << 13;
constexpr std::uint64_t kTruncate = std::uint64_t{1} << 14;
constexpr std::uint64_t kAllTcp = 3;
constexpr std::uint64_t kAbstractSocketsAndSignals = 3;

constexpr std::uint64_t kOnFiles = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                                   LANDLOCK_ACCESS_FS_WRITE_FILE | kTruncate;

/** landlock_ruleset_attr as the newest version knows it. An older kernel takes it while what it
 * does not know is zero. */
struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;
  std::uint64_t scoped;
};

Ruleset all_of_version(long version) {
  Ruleset all{kRead | kWrite, 0, 0};
  if (version >= 2) all.files |= kRefer;
  if (version >= 3) all.files |= kTruncate;
  if (version >= 4) all.network = kAllTcp;
  if (version >= 6) all.scoped = kAbstractSocketsAndSignals;
  return all;
}

/** Allows `access` at and below `path`; a path that is not there needs no rule. */
void allow(int ruleset, const fs::path& path, std::uint64_t access) {
  const int parent = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (parent < 0) return;
  struct stat facts {};
  if (::fstat(parent, &facts) == 0 && !S_ISDIR(facts.st_mode)) access &= kOnFiles;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = parent;
  ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(parent);
}

}  // namespace

void limit_resource(int resource, std::uint64_t most) {
  const auto kind = static_cast<__rlimit_resource>(resource);
  rlimit present{};
  if (::getrlimit(kind, &present) != 0) return;
  const rlim_t limit = std::min<rlim_t>(most, present.rlim_max);
  const rlimit bound{limit, limit};
  ::setrlimit(kind, &bound);
}

// A network namespace of its own has no way out. The user namespace that allows it maps the user
// to itself, so that files keep their owner.
bool leave_network() {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << user << ' ' << user << " 1";
  std::ofstream("/proc/self/gid_map") << group << ' ' << group << " 1";
  return true;
}

bool leave_files(const Reach& reach) {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  Ruleset handled = all_of_version(version);
  if (reach.all_readable) handled.files &= ~kRead;
  if (reach.network) handled.network = 0;
  const int ruleset =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (ruleset < 0) return false;
  const std::uint64_t writing = handled.files & ~kRead;
  for (const char* device : kDevices)
    allow(ruleset, device, (LANDLOCK_ACCESS_FS_READ_FILE & handled.files) | writing);
  if (!reach.all_readable)
    for (const fs::path& path : reach.readable) allow(ruleset, path, kRead);
  for (const fs::path& path : reach.writable) allow(ruleset, path, handled.files);
  const bool bound = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                     ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return bound;
}

}  // namespace jarvis
