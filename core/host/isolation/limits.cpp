#include "core/host/isolation/limits.hpp"

#include <sys/resource.h>

#include <string>

#include "core/host/isolation/kernel_limits.hpp"
#include "core/host/isolation/system_calls.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kFileLimit = std::uint64_t{256} << 20;
constexpr std::uint64_t kDescriptorLimit = 256;

constexpr const char* kSystemFolders[] = {"/usr", "/lib",  "/lib64", "/bin", "/sbin", "/etc",
                                          "/opt", "/proc", "/sys",   "/nix", "/gnu"};

json::array texts(const std::vector<fs::path>& paths) {
  json::array list;
  for (const fs::path& path : paths) list.emplace_back(path.string());
  return list;
}

std::vector<fs::path> paths(const json::object& object, std::string_view key) {
  const auto names = sdk::strings_of(sdk::optional_array(object, key));
  return {names.begin(), names.end()};
}

void limit_memory([[maybe_unused]] std::uint64_t bytes) {
  // A sanitizer's shadow memory counts as data: nothing would be left for the plugin.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  limit_resource(RLIMIT_DATA, bytes);
#endif
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
  limit_resource(RLIMIT_CORE, 0);
  limit_resource(RLIMIT_FSIZE, kFileLimit);
  limit_resource(RLIMIT_NOFILE, kDescriptorLimit);
  limit_memory(limits.memory_bytes);
  if (!leave_network()) not_granted.emplace_back("a network namespace");
  Reach reach{false, limits.readable, limits.writable, false};
  reach.readable.insert(reach.readable.end(), std::begin(kSystemFolders), std::end(kSystemFolders));
  reach.readable.push_back(plugin_folder);
  if (!leave_files(reach)) not_granted.emplace_back("Landlock");
  if (!forbid_system_calls()) not_granted.emplace_back("a filter of system calls");
  return not_granted;
}

}  // namespace jarvis
