#include "core/daemon/background.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/daemon/error_line.hpp"

namespace jarvis {

namespace {

Error system_error(const std::string& what) {
  return {ErrorKind::io, "cannot " + what + ": " + std::strerror(errno), ""};
}

/** Not all until the end: a process that the daemon starts early may keep the pipe open. */
std::string line_from(int descriptor) {
  std::string text;
  char buffer[4096];
  while (text.find('\n') == std::string::npos) {
    const ssize_t length = ::read(descriptor, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(length));
  }
  return text.substr(0, text.find('\n'));
}

bool detach_streams() {
  const int null = ::open("/dev/null", O_RDWR);
  if (null < 0) return false;
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::dup2(null, stream) < 0) return false;
  if (null > STDERR_FILENO) ::close(null);
  return ::chdir("/") == 0;
}

/** The second fork: who leads no session can never get a terminal again. */
[[noreturn]] void become_daemon(int report_to, const std::function<int(StartReport&)>& body) {
  ::setsid();
  const pid_t daemon = ::fork();
  if (daemon != 0) ::_exit(daemon < 0 ? 1 : 0);
  ::umask(077);
  StartReport report(report_to);
  if (!detach_streams()) {
    report.failed(system_error("leave the terminal"));
    ::_exit(1);
  }
  ::_exit(body(report));
}

}  // namespace

StartReport::~StartReport() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void StartReport::send(const std::string& text) {
  if (descriptor_ < 0) return;
  // Who waits for this may be gone; the daemon goes on.
  const std::string line = text + "\n";
  if (::write(descriptor_, line.data(), line.size()) < 0) errno = 0;
  ::close(descriptor_);
  descriptor_ = -1;
}

void StartReport::ready() {
  send("ready " + std::to_string(::getpid()));
}

void StartReport::failed(const Error& error) {
  send(error_line(error));
}

Result<pid_t> run_in_background(const std::function<int(StartReport&)>& body) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("make a pipe");
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) {
    const Error error = system_error("start a process");
    ::close(ends[0]);
    ::close(ends[1]);
    return error;
  }
  if (child == 0) {
    ::close(ends[0]);
    become_daemon(ends[1], body);
  }
  ::close(ends[1]);
  const std::string said = line_from(ends[0]);
  ::close(ends[0]);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_t pid = 0;
  if (std::sscanf(said.c_str(), "ready %d", &pid) == 1) return pid;
  if (auto error = error_from_line(said)) return *error;
  return Error{ErrorKind::internal, "the daemon ended while it started",
               "see 'jarvis learning daemon run', which stays in the foreground"};
}

}  // namespace jarvis
