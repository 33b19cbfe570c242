#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <vector>

namespace jarvis::testing {

/** One process of this machine. */
struct Process {
  pid_t id = 0;
  pid_t parent = 0;
  pid_t session = 0;
  bool ended = false;  ///< only its exit status is left
};

std::vector<Process> all_processes();
/** The ids of this process' children, with those that ended and were not waited for. */
std::vector<pid_t> children_of(pid_t parent);
/** The ids of processes that were started in the sessions that these processes lead, and of these.
 */
std::vector<pid_t> in_sessions_of(const std::vector<pid_t>& leaders);
/** The ids of processes that work in this folder. */
std::vector<pid_t> processes_in(const std::filesystem::path& folder);
bool is_running(pid_t process);

/** Whether the condition comes true within half a minute. */
bool eventually(const std::function<bool()>& condition);

/** How many descriptors this process has open. */
std::size_t open_descriptors();

}  // namespace jarvis::testing
