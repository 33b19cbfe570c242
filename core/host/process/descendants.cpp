#include "core/host/process/descendants.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace jarvis {

namespace fs = std::filesystem;

namespace {

/** 0 when the process is gone meanwhile. */
pid_t parent_of(pid_t process) {
  std::string text;
  std::getline(std::ifstream("/proc/" + std::to_string(process) + "/stat"), text);
  const std::size_t end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) return 0;
  char state = 0;
  pid_t parent = 0;
  std::istringstream(text.substr(end_of_name + 1)) >> state >> parent;
  return parent;
}

std::multimap<pid_t, pid_t> children_by_parent() {
  std::multimap<pid_t, pid_t> children;
  std::error_code gone;
  for (fs::directory_iterator entry("/proc", gone), end; !gone && entry != end;
       entry.increment(gone)) {
    const std::string name = entry->path().filename().string();
    pid_t process = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size())
      children.emplace(parent_of(process), process);
  }
  return children;
}

void kill_descendants() {
  const auto children = children_by_parent();
  std::vector<pid_t> parents{::getpid()};
  std::set<pid_t> seen;
  while (!parents.empty()) {
    const auto [from, to] = children.equal_range(parents.back());
    parents.pop_back();
    for (auto child = from; child != to; ++child)
      if (seen.insert(child->second).second) {
        ::kill(child->second, SIGKILL);
        parents.push_back(child->second);
      }
  }
}

}  // namespace

void adopt_descendants() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

std::optional<int> bury_ended(pid_t wanted) {
  std::optional<int> found;
  int status = 0;
  for (pid_t ended; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;)
    if (ended == wanted) found = status;
  return found;
}

// Killing one makes its children ours, and those that it started meanwhile: again until none is
// left.
std::optional<int> end_descendants(pid_t wanted, std::chrono::milliseconds patience,
                                   bool& all_gone) {
  const auto until = std::chrono::steady_clock::now() + patience;
  std::optional<int> found;
  for (;;) {
    if (const auto status = bury_ended(wanted)) found = status;
    siginfo_t none;
    all_gone = ::waitid(P_ALL, 0, &none, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
    if (all_gone || std::chrono::steady_clock::now() >= until) return found;
    kill_descendants();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace jarvis
