#include "tests/isolation/processes.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace jarvis::testing {

namespace fs = std::filesystem;

namespace {

/** Nothing when the process ended meanwhile. */
Process read_process(pid_t id) {
  std::string text;
  std::getline(std::ifstream("/proc/" + std::to_string(id) + "/stat"), text);
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  Process process;
  char state = 0;
  pid_t group = 0;
  std::istringstream(text.substr(name_end + 1)) >> state >> process.parent >> group >>
      process.session;
  process.id = id;
  process.ended = state == 'Z' || state == 'X';
  return process;
}

}  // namespace

std::vector<Process> all_processes() {
  std::vector<Process> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    pid_t id = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size()) continue;
    if (const Process process = read_process(id); process.id != 0) found.push_back(process);
  }
  return found;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> ids;
  for (const Process& process : all_processes())
    if (process.parent == parent) ids.push_back(process.id);
  return ids;
}

std::vector<pid_t> in_sessions_of(const std::vector<pid_t>& leaders) {
  std::vector<pid_t> ids;
  for (const Process& process : all_processes())
    if (std::find(leaders.begin(), leaders.end(), process.session) != leaders.end())
      ids.push_back(process.id);
  return ids;
}

std::vector<pid_t> processes_in(const fs::path& folder) {
  std::vector<pid_t> ids;
  for (const Process& process : all_processes()) {
    std::error_code not_ours;
    const fs::path link = "/proc/" + std::to_string(process.id) + "/cwd";
    if (fs::read_symlink(link, not_ours) == fs::canonical(folder)) ids.push_back(process.id);
  }
  return ids;
}

bool is_running(pid_t process) {
  const Process found = read_process(process);
  return found.id != 0 && !found.ended;
}

bool eventually(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

}  // namespace jarvis::testing
