#include "core/host/isolation/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

namespace jarvis {

namespace {

constexpr int kSocketOfChild = 3;
constexpr off_t kLastWords = 300;
constexpr int kNotAStatus = -1;

// What programs need to find their language and, in a sanitized build, their options.
constexpr std::array<const char*, 8> kEnvironment{
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"};

std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (const char* name : kEnvironment)
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (std::string& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

struct Actions {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  Actions() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
  }
  ~Actions() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
};

/** Signals as a new program expects them: none blocked, the usual ones not ignored. */
void use_default_signals(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t usual;
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) ::sigaddset(&usual, signal);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/** A file in memory. Its number is none of those that the new process gets other files under. */
int file_for_errors() {
  const int file = ::memfd_create("plugin-errors", MFD_CLOEXEC);
  if (file < 0 || file > kSocketOfChild) return file;
  const int moved = ::fcntl(file, F_DUPFD_CLOEXEC, kSocketOfChild + 1);
  ::close(file);
  return moved;
}

}  // namespace

std::string describe_end(int status) {
  if (WIFSIGNALED(status)) {
    const char* name = ::strsignal(WTERMSIG(status));
    return "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" +
           (name ? name : "unknown") + ")";
  }
  return "ended with status " + std::to_string(WEXITSTATUS(status));
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), errors_(std::exchange(other.errors_, -1)) {}

ChildProcess::~ChildProcess() {
  if (process_ > 0) end(std::chrono::milliseconds(0));
  if (errors_ >= 0) ::close(errors_);
}

Result<ChildProcess> ChildProcess::start(const std::filesystem::path& program, int socket) {
  ChildProcess child;
  child.errors_ = file_for_errors();
  if (child.errors_ < 0)
    return Error{ErrorKind::unavailable,
                 std::string("no file for the last words of a plugin: ") + std::strerror(errno),
                 ""};
  Actions actions;
  ::posix_spawn_file_actions_adddup2(&actions.files, socket, kSocketOfChild);
  ::posix_spawn_file_actions_addopen(&actions.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions.files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions.files, child.errors_, STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions.files, kSocketOfChild + 1);
  use_default_signals(actions.attributes);
  std::vector<std::string> words{program.string()};
  std::vector<std::string> variables = environment();
  const int failed =
      ::posix_spawn(&child.process_, program.c_str(), &actions.files, &actions.attributes,
                    pointers(words).data(), pointers(variables).data());
  if (failed == 0) return child;
  child.process_ = -1;
  return Error{ErrorKind::unavailable,
               "cannot start '" + program.string() + "': " + std::strerror(failed),
               "install the program again"};
}

// The ended process is left unburied: its number must not go to another one while its group may
// have to be killed.
bool ChildProcess::has_ended() const {
  siginfo_t ended{};
  return process_ <= 0 ||
         ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         ended.si_pid != 0;
}

std::string ChildProcess::end(std::chrono::milliseconds patience) {
  if (process_ <= 0) return "ended before";
  int status = kNotAStatus;
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!has_ended() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  ::kill(-process_, SIGKILL);
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR)
    ;
  process_ = -1;
  const std::string words = last_words();
  return (status == kNotAStatus ? "ended" : describe_end(status)) +
         (words.empty() ? "" : "; its last words: " + words);
}

std::string ChildProcess::last_words() const {
  struct stat facts {};
  if (errors_ < 0 || ::fstat(errors_, &facts) != 0 || facts.st_size == 0) return {};
  std::string words(static_cast<std::size_t>(std::min<off_t>(facts.st_size, kLastWords)), '\0');
  const ssize_t count = ::pread(errors_, words.data(), words.size(),
                                facts.st_size - static_cast<off_t>(words.size()));
  words.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  // They come from a plugin and go to a terminal.
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
  words.erase(0, words.find_first_not_of(' '));
  words.erase(words.find_last_not_of(' ') + 1);
  return words;
}

}  // namespace jarvis
