#include "core/daemon/firing_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace jarvis {

namespace {

void write_all(int descriptor, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t written = ::write(descriptor, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    at += static_cast<std::size_t>(written);
  }
}

/** What became of `work`; nothing that it throws gets further. */
FiringOutcome carried_out(const std::function<FiringOutcome()>& work) try {
  return work();
} catch (const std::exception& error) {
  FiringOutcome outcome;
  outcome.kind = FiringOutcome::Kind::failed;
  outcome.error = {ErrorKind::internal, error.what(), ""};
  return outcome;
}

}  // namespace

Result<std::unique_ptr<FiringProcess>> FiringProcess::start(
    const std::function<FiringOutcome()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return Error{ErrorKind::io, std::string("cannot make a pipe: ") + std::strerror(errno), ""};
  std::fflush(nullptr);
  const pid_t daemon = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    const Error error{ErrorKind::retryable,
                      std::string("cannot start a process: ") + std::strerror(errno), ""};
    ::close(ends[0]);
    ::close(ends[1]);
    return error;
  }
  if (child == 0) {
    ::close(ends[0]);
    // A group of its own: what the terminal sends to the daemon, the daemon passes on.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != daemon) ::_exit(1);
    std::signal(SIGHUP, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    write_all(ends[1], json::serialize(to_json(carried_out(work))));
    std::fflush(nullptr);
    ::_exit(0);
  }
  ::close(ends[1]);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<FiringProcess>(new FiringProcess(child, ends[0]));
}

FiringProcess::~FiringProcess() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  ::close(descriptor_);
}

void FiringProcess::signal(int number) const {
  if (pid_ > 0) ::kill(pid_, number);
}

std::optional<FiringOutcome> FiringProcess::take() {
  char buffer[4096];
  for (;;) {
    const ssize_t length = ::read(descriptor_, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == EAGAIN) return std::nullopt;
    if (length <= 0) break;
    said_.append(buffer, static_cast<std::size_t>(length));
  }
  while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return outcome();
}

FiringOutcome FiringProcess::outcome() const {
  boost::system::error_code error;
  const json::value document = json::parse(said_, error);
  if (!error && document.is_object()) return outcome_from(document.as_object());
  FiringOutcome outcome;
  outcome.kind = FiringOutcome::Kind::failed;
  outcome.error = {
      ErrorKind::internal,
      WIFSIGNALED(status_)
          ? "the session's process was ended by signal " + std::to_string(WTERMSIG(status_))
          : "the session's process ended with status " + std::to_string(WEXITSTATUS(status_)) +
                " and said nothing",
      "see learning/logs/; 'jarvis learning resume' goes on with a session that has a "
      "plan"};
  return outcome;
}

}  // namespace jarvis
