#include "core/host/process/started_program.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/host/isolation/kernel_limits.hpp"
#include "core/host/isolation/system_calls.hpp"

namespace jarvis {

namespace {

constexpr std::uint64_t kFileLimit = std::uint64_t{1} << 30;
constexpr int kNotStarted = 127;

/** A pipe whose ends are no standard streams. */
struct Pipe {
  int reading = -1;
  int writing = -1;

  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    reading = ends[0];
    writing = ends[1];
  }
  ~Pipe() {
    StartedProgram::close(reading);
    StartedProgram::close(writing);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  bool is_open() const { return reading >= 0; }
};

struct Pipes {
  Pipe input, output, errors;
  Pipe news;  ///< what the new process says before it becomes the program; closed by that

  bool are_open() const {
    return input.is_open() && output.is_open() && errors.is_open() && news.is_open();
  }
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> found;
  for (std::string& text : texts) found.push_back(text.data());
  found.push_back(nullptr);
  return found;
}

void say(int descriptor, const std::string& line) {
  std::size_t said = 0;
  while (said < line.size()) {
    const ssize_t count = ::write(descriptor, line.data() + said, line.size() - said);
    if (count <= 0) return;
    said += static_cast<std::size_t>(count);
  }
}

std::vector<std::string> confine(const ProcessOrder& order, const std::string& writable) {
  std::vector<std::string> not_granted;
  if (!order.network && !leave_network() && !forbid_sockets())
    not_granted.emplace_back("keeping it off the network");
  Reach reach;
  reach.all_readable = true;
  reach.network = order.network;
  reach.writable = {order.directory};
  if (!writable.empty()) reach.writable.emplace_back(writable);
  if (!leave_files(reach)) not_granted.emplace_back("keeping other files from being written");
  return not_granted;
}

void use_default_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
}

[[noreturn]] void become(const ProcessOrder& order, const std::string& writable, Pipes& pipes,
                         pid_t parent) {
  ::setpgid(0, 0);
  std::vector<std::string> words = order.words;
  std::vector<std::string> variables;
  for (const auto& [name, value] : order.environment) variables.push_back(name + "=" + value);
  if (!writable.empty()) variables.push_back("TMPDIR=" + writable);
  ::dup2(pipes.input.reading, STDIN_FILENO);
  ::dup2(pipes.output.writing, STDOUT_FILENO);
  ::dup2(pipes.errors.writing, STDERR_FILENO);
  ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  limit_resource(RLIMIT_CORE, 0);
  limit_resource(RLIMIT_FSIZE, kFileLimit);
  int failed = ::chdir(order.directory.c_str()) == 0 ? 0 : errno;
  if (failed == 0 && order.is_confined)
    for (const std::string& what : confine(order, writable)) say(pipes.news.writing, what + "\n");
  use_default_signals();
  // A new user namespace would have undone it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != parent) ::_exit(kNotStarted);
  if (failed == 0) {
    ::execve(words[0].c_str(), pointers(words).data(), pointers(variables).data());
    failed = errno;
  }
  say(pipes.news.writing, std::string("!") + std::strerror(failed) + "\n");
  ::_exit(kNotStarted);
}

/** All that the new process said, by lines, until it became the program or gave up. */
std::vector<std::string> lines_from(int descriptor) {
  std::vector<std::string> lines(1);
  std::array<char, 512> part{};
  for (ssize_t count; (count = ::read(descriptor, part.data(), part.size())) != 0;) {
    if (count < 0 && errno != EINTR) break;
    for (ssize_t i = 0; i < count; ++i)
      if (part[static_cast<std::size_t>(i)] == '\n')
        lines.emplace_back();
      else
        lines.back() += part[static_cast<std::size_t>(i)];
  }
  lines.pop_back();
  return lines;
}

int take_without_blocking(int& descriptor) {
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  return std::exchange(descriptor, -1);
}

}  // namespace

StartedProgram::StartedProgram(StartedProgram&& other) noexcept
    : process(std::exchange(other.process, -1)),
      input(std::exchange(other.input, -1)),
      output(std::exchange(other.output, -1)),
      errors(std::exchange(other.errors, -1)),
      not_granted(std::move(other.not_granted)) {}

StartedProgram::~StartedProgram() {
  close(input);
  close(output);
  close(errors);
}

void StartedProgram::close(int& pipe) {
  if (pipe >= 0) ::close(std::exchange(pipe, -1));
}

Result<StartedProgram> start_program(const ProcessOrder& order, const std::string& writable) {
  Pipes pipes;
  if (!pipes.are_open())
    return Error{ErrorKind::unavailable, std::string("no pipes: ") + std::strerror(errno), ""};
  StartedProgram program;
  const pid_t parent = ::getpid();
  program.process = ::fork();
  if (program.process == 0) become(order, writable, pipes, parent);
  if (program.process < 0)
    return Error{ErrorKind::unavailable, std::string("no process: ") + std::strerror(errno), ""};
  StartedProgram::close(pipes.news.writing);
  for (std::string& line : lines_from(pipes.news.reading)) {
    if (line.front() == '!')
      return Error{ErrorKind::unavailable,
                   "cannot start '" + order.words[0] + "': " + line.substr(1), ""};
    program.not_granted.push_back(std::move(line));
  }
  program.input = take_without_blocking(pipes.input.writing);
  program.output = take_without_blocking(pipes.output.reading);
  program.errors = take_without_blocking(pipes.errors.reading);
  return program;
}

}  // namespace jarvis
