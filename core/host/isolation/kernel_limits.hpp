#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace jarvis {

// What a process lays upon itself and all that it starts, for good. Called with one thread running.

/** `resource` is one of RLIMIT_…; its limits become `most`, or stay where they are lower. */
void limit_resource(int resource, std::uint64_t most);

/** No way out to any network, this machine's included. False where the kernel does not grant it. */
bool leave_network();

/** What stays within reach. */
struct Reach {
  bool all_readable = false;
  std::vector<std::filesystem::path> readable;
  std::vector<std::filesystem::path> writable;
  bool network = false;  ///< TCP, as far as a network namespace leaves it
};

/** No file beyond `reach` and the usual devices (Landlock; from Linux 6.2 on nothing is shortened
 * either, from 6.12 on no other process gets a signal). False where the kernel does not grant it.
 */
bool leave_files(const Reach& reach);

}  // namespace jarvis
