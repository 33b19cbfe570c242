#include "core/app/cli/terminal_question.hpp"

#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/app/interrupt.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/private_folder.hpp"

namespace jarvis {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestAnswer = 4000;

/** Ctrl-C belongs to the program that has the terminal, until the object ends. */
class HandedOverSignals {
 public:
  HandedOverSignals() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGINT, &ignore, &interrupt_);
    ::sigaction(SIGQUIT, &ignore, &quit_);
  }
  ~HandedOverSignals() {
    ::sigaction(SIGINT, &interrupt_, nullptr);
    ::sigaction(SIGQUIT, &quit_, nullptr);
  }
  HandedOverSignals(const HandedOverSignals&) = delete;
  HandedOverSignals& operator=(const HandedOverSignals&) = delete;

 private:
  struct sigaction interrupt_ {};
  struct sigaction quit_ {};
};

constexpr char kPager[] =
    "if command -v less >/dev/null; then exec less \"$@\"; else exec more \"$@\"; fi";

/** Empty: the user has chosen none. */
std::string chosen_viewer() {
  for (const char* name : {"VISUAL", "EDITOR", "PAGER"})
    if (const char* command = std::getenv(name); command && *command) return command;
  return {};
}

/** The status of waitpid; nothing when it could not be started. */
std::optional<int> run_viewer(std::string file) {
  // As git does: the command may have arguments of its own.
  const std::string chosen = chosen_viewer();
  std::string shell = "/bin/sh", run = "-c", name = "viewer";
  std::string command = chosen.empty() ? kPager : chosen + " \"$@\"";
  char* words[] = {shell.data(), run.data(), command.data(), name.data(), file.data(), nullptr};
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t usual;
  ::sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGQUIT, SIGPIPE}) ::sigaddset(&usual, signal);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const HandedOverSignals handed_over;
  pid_t child = 0;
  const int failure = ::posix_spawn(&child, shell.c_str(), nullptr, &attributes, words, environ);
  ::posix_spawnattr_destroy(&attributes);
  if (failure != 0) return std::nullopt;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return std::nullopt;
  return status;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

}  // namespace

std::optional<std::string> typed_line() {
  std::string line;
  for (char c = 0; c != '\n' && line.size() < kLongestAnswer;) {
    const ssize_t count = ::read(STDIN_FILENO, &c, 1);
    if (count == 1) {
      line += c;
      continue;
    }
    if (count < 0 && errno == EINTR && !interrupted()) continue;
    return std::nullopt;
  }
  return trimmed(line);
}

void forget_typed() {
  ::tcflush(STDIN_FILENO, TCIFLUSH);
}

std::string meant_word(const std::string& answer, const std::vector<std::string>& words) {
  std::string lower = answer;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string& word : words)
    if (!lower.empty() && word.rfind(lower, 0) == 0) return word;
  return {};
}

std::string show_in_viewer(const std::string& name, const std::string& text) {
  const PrivateFolder folder("jarvis-review");
  if (folder.path().empty()) return std::string("no temporary folder: ") + std::strerror(errno);
  const fs::path file = folder.path() / name;
  if (auto written = write_file_atomically(file, text, 0400); !written)
    return written.error().message;
  const auto status = run_viewer(file.string());
  if (!status) return "no shell could be started";
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return {};
  const std::string chosen = chosen_viewer();
  return chosen.empty() ? "the pager failed" : "'" + chosen + "' failed";
}

}  // namespace jarvis
