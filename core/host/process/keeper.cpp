#include "core/host/process/keeper.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "core/base/utf8.hpp"
#include "core/host/process/descendants.hpp"
#include "core/host/process/started_program.hpp"

namespace jarvis {

namespace {

using Clock = FrameChannel::Clock;
using std::chrono::milliseconds;

constexpr milliseconds kDyingTime{10000};
constexpr milliseconds kAnswerTime{10000};
constexpr std::size_t kErrorsKept = 64 * 1024;

/** A folder for temporary files that goes with the object; without a path where none could be made.
 */
class ScratchFolder {
 public:
  explicit ScratchFolder(bool wanted) {
    char path[] = "/tmp/jarvis-student-XXXXXX";
    if (wanted && ::mkdtemp(path)) path_ = path;
  }
  ~ScratchFolder() {
    std::error_code stays;
    if (!path_.empty()) std::filesystem::remove_all(path_, stays);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/** A descriptor that can be read when a child ended. */
int ends_of_children() {
  sigset_t ended;
  ::sigemptyset(&ended);
  ::sigaddset(&ended, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &ended, nullptr);
  return ::signalfd(-1, &ended, SFD_CLOEXEC | SFD_NONBLOCK);
}

class Keeper {
 public:
  Keeper(FrameChannel& channel, const ProcessOrder& order, StartedProgram program, int ends)
      : channel_(channel),
        order_(order),
        program_(std::move(program)),
        ends_(ends),
        until_(Clock::now() +
               std::chrono::duration_cast<Clock::duration>(
                   std::chrono::duration<double>(std::clamp(order.seconds, 0.0, 1e6)))) {}

  ProcessReport run() {
    while (!status_ && !is_stopped_ && !is_cut_ && !is_overdue_) look();
    ProcessReport report;
    bool all_gone = false;
    const auto killed = end_descendants(program_.process, kDyingTime, all_gone);
    if (!status_) status_ = killed;
    // What the program wrote before its end is still in the pipes.
    read_output();
    read_errors();
    report.leaves_processes = !all_gone;
    report.not_granted = program_.not_granted;
    report.result = {exit_status(), valid_utf8(output_), valid_utf8(errors_), is_overdue_, is_cut_};
    return report;
  }

 private:
  void look() {
    if (written_ == order_.input.size()) StartedProgram::close(program_.input);
    std::array<pollfd, 5> watched{pollfd{channel_.descriptor(), POLLIN, 0},
                                  pollfd{ends_, POLLIN, 0}, pollfd{program_.input, POLLOUT, 0},
                                  pollfd{program_.output, POLLIN, 0},
                                  pollfd{program_.errors, POLLIN, 0}};
    const auto left = std::chrono::ceil<milliseconds>(until_ - Clock::now());
    const auto patience = std::clamp<milliseconds::rep>(left.count(), 0, 60'000);
    if (::poll(watched.data(), watched.size(), static_cast<int>(patience)) < 0) return;
    if (watched[2].revents != 0) write_input();
    if (watched[3].revents != 0) read_output();
    if (watched[4].revents != 0) read_errors();
    if (watched[1].revents != 0) {
      signalfd_siginfo ended;
      while (::read(ends_, &ended, sizeof ended) > 0)
        ;
      status_ = bury_ended(program_.process);
    }
    if (watched[0].revents != 0) hear();
    is_overdue_ = !status_ && Clock::now() >= until_;
  }

  // Of a host that is still there comes one thing: that the answer is no longer wanted.
  void hear() {
    const auto frame = channel_.receive(Clock::now());
    if (!frame || *frame) is_stopped_ = true;
  }

  void write_input() {
    const ssize_t count =
        ::write(program_.input, order_.input.data() + written_, order_.input.size() - written_);
    if (count > 0)
      written_ += static_cast<std::size_t>(count);
    else if (errno != EAGAIN && errno != EINTR)
      written_ = order_.input.size();
  }

  /** Hands on all that can be read, as long as `take` wants more. */
  template <class Take>
  void read(int& pipe, Take take) {
    std::array<char, 65536> part;
    while (pipe >= 0) {
      const ssize_t count = ::read(pipe, part.data(), part.size());
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
      if (count <= 0) return StartedProgram::close(pipe);
      if (!take(std::string_view(part.data(), static_cast<std::size_t>(count)))) return;
    }
  }

  void read_output() {
    read(program_.output, [&](std::string_view part) {
      const auto most =
          static_cast<std::size_t>(std::max<std::int64_t>(order_.most_output_bytes, 0));
      const std::size_t room = most - output_.size();
      is_cut_ = part.size() > room;
      output_.append(part.substr(0, room));
      return !is_cut_;
    });
  }

  void read_errors() {
    std::size_t taken = 0;
    read(program_.errors, [&](std::string_view part) {
      errors_.append(part);
      if (errors_.size() > kErrorsKept) errors_.erase(0, errors_.size() - kErrorsKept);
      // One who never stops writing is not listened to alone.
      taken += part.size();
      return taken < 16 * kErrorsKept;
    });
  }

  int exit_status() const {
    if (!status_) return 128 + SIGKILL;
    return WIFSIGNALED(*status_) ? 128 + WTERMSIG(*status_) : WEXITSTATUS(*status_);
  }

  FrameChannel& channel_;
  const ProcessOrder& order_;
  StartedProgram program_;
  const int ends_;
  const Clock::time_point until_;
  std::size_t written_ = 0;
  std::string output_;
  std::string errors_;
  std::optional<int> status_;
  bool is_stopped_ = false;
  bool is_cut_ = false;
  bool is_overdue_ = false;
};

Result<ProcessReport> run(FrameChannel& channel, const std::string& body) try {
  const ProcessOrder order = process_order(sdk::parse_object(body, "order"));
  // The program gets no descriptor of ours.
  ::fcntl(channel.descriptor(), F_SETFD, FD_CLOEXEC);
  ::signal(SIGPIPE, SIG_IGN);
  adopt_descendants();
  const int ends = ends_of_children();
  const ScratchFolder scratch(order.has_scratch_folder);
  auto program = start_program(order, scratch.path());
  if (!program) return program.error();
  return Keeper(channel, order, std::move(*program), ends).run();
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, error.what(), ""};
}

}  // namespace

void keep_program(FrameChannel& channel, const std::string& body) {
  const auto report = run(channel, body);
  const auto until = Clock::now() + kAnswerTime;
  // A host that is gone wants no answer.
  (void)(report ? channel.send(FrameKind::result, json::serialize(to_json(*report)), until)
                : channel.send(FrameKind::failure, failure_body(report.error()), until));
}

}  // namespace jarvis
