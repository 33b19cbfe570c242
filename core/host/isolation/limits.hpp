#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis {

/** What a plugin's process may use and reach. */
struct IsolationLimits {
  /** Seconds that a call may take, without the time that the host spends in services. */
  double call_seconds = 60;
  /** Seconds that it may take to be loaded. */
  double start_seconds = 20;
  std::uint64_t memory_bytes = std::uint64_t{1024} << 20;
  /** Folders in which it may create, change and remove files. */
  std::vector<std::filesystem::path> writable;
  /** Folders and files that it may read, beside the system's own and its own folder. */
  std::vector<std::filesystem::path> readable;
};

json::object to_json(const IsolationLimits& limits);
/** Throws sdk::Failure for anything else than what to_json gives. */
IsolationLimits limits_from(const json::object& object);

/** Binds the calling process and all that it starts for good: memory, file size, descriptors, no
 * core dump; no socket but a pair, no session or group of its own; no network and no files beyond
 * the limits where the kernel offers namespaces and Landlock (Linux 5.13; from 6.2 on nothing is
 * shortened either, from 6.12 on no other process gets a signal). Call it with one thread running.
 * Gives what the kernel did not grant, as words for a log. */
std::vector<std::string> confine_this_process(const IsolationLimits& limits,
                                              const std::filesystem::path& plugin_folder);

}  // namespace jarvis
