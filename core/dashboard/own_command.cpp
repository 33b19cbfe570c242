#include "core/dashboard/own_command.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>

#include "core/base/json_text.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kMostOutput = std::size_t{32} << 20;
constexpr std::size_t kErrorShown = 2000;

/** Both ends of a pipe that no other child inherits. */
struct Pipe {
  int read = -1;
  int write = -1;
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = ends[0];
    write = ends[1];
    return true;
  }
  void close_write() {
    if (write >= 0) ::close(write);
    write = -1;
  }
  ~Pipe() {
    close_write();
    if (read >= 0) ::close(read);
  }
};

std::string all_of(int descriptor) {
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t length = ::read(descriptor, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return text;
    if (text.size() < kMostOutput) text.append(buffer, static_cast<std::size_t>(length));
  }
}

/** How a child is started: its own group, so that what a terminal sends to the dashboard is passed
 * on by it alone; no signal blocked or ignored; no descriptor beyond the first three, for Poco's
 * sockets are inherited otherwise. */
class Spawning {
 public:
  Spawning(int out, int err) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files_, out, 1);
    posix_spawn_file_actions_adddup2(&files_, err, 2);
    posix_spawn_file_actions_addclosefrom_np(&files_, 3);
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Spawning() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&files_);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;

  int start(std::vector<std::string> words, pid_t& pid) const {
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return ::posix_spawn(&pid, words.front().c_str(), &files_, &attributes_, pointers.data(),
                         environ);
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

CommandOutcome outcome_of(int wait_status, const std::string& out, const std::string& err) {
  CommandOutcome outcome;
  outcome.status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
  boost::system::error_code no_json;
  json::value document = json::parse(out, no_json);
  if (!no_json && document.is_object()) outcome.document = std::move(document.as_object());
  const json::object error = sdk::optional_object(outcome.document, "error");
  outcome.error = sdk::optional_string(error, "message");
  outcome.hint = sdk::optional_string(error, "hint");
  if (outcome.status == 0 || !outcome.error.empty()) return outcome;
  outcome.error = outcome.status > 128
                      ? "it was ended by signal " + std::to_string(outcome.status - 128)
                      : "it ended with status " + std::to_string(outcome.status);
  if (!err.empty()) outcome.error += ": " + last_part(err, kErrorShown);
  return outcome;
}

}  // namespace

struct OwnCommand::Process {
  pid_t pid = 0;
  Pipe out, err;
  std::mutex mutex;
  bool has_ended = false;
};

OwnCommand::OwnCommand(std::unique_ptr<Process> process) : process_(std::move(process)) {}
OwnCommand::~OwnCommand() = default;

Result<std::unique_ptr<OwnCommand>> OwnCommand::start(const std::filesystem::path& program,
                                                      const std::filesystem::path& home,
                                                      const std::vector<std::string>& words) {
  auto process = std::make_unique<Process>();
  if (!process->out.open() || !process->err.open())
    return Error{ErrorKind::retryable, std::string("cannot make a pipe: ") + std::strerror(errno),
                 "try again"};
  std::vector<std::string> all{program.string(), "--home", home.string(), "--json"};
  all.insert(all.end(), words.begin(), words.end());
  const int error =
      Spawning(process->out.write, process->err.write).start(std::move(all), process->pid);
  if (error != 0)
    return Error{ErrorKind::retryable,
                 "cannot start '" + program.string() + "': " + std::strerror(error), "try again"};
  process->out.close_write();
  process->err.close_write();
  return std::unique_ptr<OwnCommand>(new OwnCommand(std::move(process)));
}

CommandOutcome OwnCommand::wait() {
  std::string err;
  std::jthread errors([&] { err = all_of(process_->err.read); });
  const std::string out = all_of(process_->out.read);
  errors.join();
  siginfo_t ended{};
  while (::waitid(P_PID, static_cast<id_t>(process_->pid), &ended, WEXITED | WNOWAIT) < 0 &&
         errno == EINTR) {
  }
  // Reaped under the lock: nobody signals a number that may be another process's by then.
  const std::lock_guard lock(process_->mutex);
  int status = 0;
  while (::waitpid(process_->pid, &status, 0) < 0 && errno == EINTR) {
  }
  process_->has_ended = true;
  return outcome_of(status, out, err);
}

void OwnCommand::stop() {
  const std::lock_guard lock(process_->mutex);
  if (!process_->has_ended) ::kill(process_->pid, SIGINT);
}

}  // namespace jarvis::dashboard
