#include "core/host/isolation/limits.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

#include "core/host/isolation/system_calls.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr rlim_t kFileLimit = rlim_t{256} << 20;
constexpr rlim_t kDescriptorLimit = 256;

constexpr std::array<const char*, 11> kSystemFolders{
    "/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/opt", "/proc", "/sys", "/nix", "/gnu"};
constexpr std::array<const char*, 4> kDevices{"/dev/null", "/dev/zero", "/dev/urandom",
                                              "/dev/random"};

json::array texts(const std::vector<fs::path>& paths) {
  json::array list;
  for (const fs::path& path : paths) list.emplace_back(path.string());
  return list;
}

std::vector<fs::path> paths(const json::object& object, std::string_view key) {
  const auto names = sdk::strings_of(sdk::optional_array(object, key));
  return {names.begin(), names.end()};
}

void limit(int resource, rlim_t value) {
  const rlimit bound{value, value};
  ::setrlimit(static_cast<__rlimit_resource>(resource), &bound);
}

void limit_memory([[maybe_unused]] std::uint64_t bytes) {
  // A sanitizer's shadow memory counts as data: nothing would be left for the plugin.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit(RLIMIT_DATA, bytes);
#endif
}

/** A network namespace of its own has no way out. The user namespace that allows it maps the user
 * to itself, so that files keep their owner. */
bool leave_network() {
  const std::string user = std::to_string(::geteuid());
  const std::string group = std::to_string(::getegid());
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << user << ' ' << user << " 1";
  std::ofstream("/proc/self/gid_map") << group << ' ' << group << " 1";
  return true;
}

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

bool leave_files(const IsolationLimits& limits, const fs::path& plugin_folder) {
  const long version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  const Ruleset handled = all_of_version(version);
  const std::uint64_t writing = handled.files & ~kRead;
  const int ruleset =
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (ruleset < 0) return false;
  for (const char* folder : kSystemFolders) allow(ruleset, folder, kRead);
  for (const char* device : kDevices)
    allow(ruleset, device, LANDLOCK_ACCESS_FS_READ_FILE | writing);
  allow(ruleset, plugin_folder, kRead);
  for (const fs::path& path : limits.readable) allow(ruleset, path, kRead);
  for (const fs::path& path : limits.writable) allow(ruleset, path, handled.files);
  const bool bound = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                     ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  ::close(ruleset);
  return bound;
}

}  // namespace

json::object to_json(const IsolationLimits& limits) {
  return {{"call_seconds", limits.call_seconds},
          {"start_seconds", limits.start_seconds},
          {"memory_bytes", limits.memory_bytes},
          {"writable", texts(limits.writable)},
          {"readable", texts(limits.readable)}};
}

IsolationLimits limits_from(const json::object& object) {
  IsolationLimits limits;
  limits.call_seconds = sdk::optional_number(object, "call_seconds").value_or(limits.call_seconds);
  limits.start_seconds =
      sdk::optional_number(object, "start_seconds").value_or(limits.start_seconds);
  limits.memory_bytes = static_cast<std::uint64_t>(sdk::optional_integer(
      object, "memory_bytes", static_cast<std::int64_t>(limits.memory_bytes)));
  limits.writable = paths(object, "writable");
  limits.readable = paths(object, "readable");
  return limits;
}

std::vector<std::string> confine_this_process(const IsolationLimits& limits,
                                              const fs::path& plugin_folder) {
  std::vector<std::string> not_granted;
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, kFileLimit);
  limit(RLIMIT_NOFILE, kDescriptorLimit);
  limit_memory(limits.memory_bytes);
  if (!leave_network()) not_granted.emplace_back("a network namespace");
  if (!leave_files(limits, plugin_folder)) not_granted.emplace_back("Landlock");
  if (!forbid_system_calls()) not_granted.emplace_back("a filter of system calls");
  return not_granted;
}

}  // namespace jarvis
