#include "core/host/process/attendant.hpp"

#include <fcntl.h>
#include <jarvis/abi/host.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <thread>

#include "core/base/utf8.hpp"
#include "core/host/isolation/child_process.hpp"
#include "core/host/process/descendants.hpp"
#include "core/host/process/order.hpp"
#include "core/host/process/started_program.hpp"

namespace jarvis {

namespace {

using Clock = FrameChannel::Clock;
using std::chrono::milliseconds;

constexpr milliseconds kFarewell{1000};  // from the end of its input to its own end
constexpr milliseconds kDyingTime{10000};
constexpr int kLookAround = 200;  // milliseconds: a program may leave its pipes to others and end
constexpr std::size_t kLongestLine = 2000;
constexpr int kMostLines = 200;  // of standard error

// A host that reads nothing has a reason; one that is gone is seen.
constexpr Clock::time_point kNoLimit = Clock::time_point::max();

class Attendant {
 public:
  Attendant(FrameChannel& channel, StartedProgram program)
      : channel_(channel), program_(std::move(program)) {}

  void attend() {
    is_over_ = !channel_.send(FrameKind::ready, "{}", kNoLimit);
    // What came together with the order is in the channel already: nothing would wake us for it.
    if (!is_over_) hear();
    while (!is_over_) look();
    const bool wanted = !has_left_;
    StartedProgram::close(program_.input);
    wait_for_end();
    bool all_gone = false;
    const auto killed = end_descendants(program_.process, kDyingTime, all_gone);
    if (!status_) status_ = killed;
    if (!wanted) return;
    // What the program wrote before its end is still in the pipes.
    while (pass_output())
      ;
    pass_errors();
    (void)channel_.send(
        FrameKind::failure,
        failure_body({ErrorKind::unavailable, status_ ? describe_end(*status_) : "ended", ""}),
        Clock::now() + kFarewell);
  }

 private:
  void look() {
    std::array<pollfd, 4> watched{pollfd{channel_.descriptor(), POLLIN, 0},
                                  pollfd{pending_.empty() ? -1 : program_.input, POLLOUT, 0},
                                  pollfd{program_.output, POLLIN, 0},
                                  pollfd{program_.errors, POLLIN, 0}};
    if (::poll(watched.data(), watched.size(), kLookAround) < 0) return;
    if (watched[0].revents != 0) hear();
    if (watched[1].revents != 0) write_input();
    if (watched[2].revents != 0) pass_output();
    if (watched[3].revents != 0) pass_errors();
    if ((status_ = bury_ended(program_.process)) || program_.output < 0) is_over_ = true;
  }

  void hear() {
    for (;;) {
      auto frame = channel_.receive(Clock::now());
      if (frame && !*frame) return;
      if (!frame || (*frame)->kind != FrameKind::input) {
        has_left_ = is_over_ = true;
        return;
      }
      pending_ += (*frame)->body;
    }
  }

  void write_input() {
    const ssize_t count = ::write(program_.input, pending_.data(), pending_.size());
    if (count > 0)
      pending_.erase(0, static_cast<std::size_t>(count));
    else if (errno != EAGAIN && errno != EINTR)
      StartedProgram::close(program_.input);
    if (program_.input < 0) pending_.clear();
  }

  /** Some of what can be read; nothing when there is nothing now. */
  static std::string part_of(int& pipe) {
    std::string part(std::size_t{64} * 1024, '\0');
    for (;;) {
      const ssize_t count = pipe < 0 ? 0 : ::read(pipe, part.data(), part.size());
      if (count < 0 && errno == EINTR) continue;
      if (count == 0 || (count < 0 && errno != EAGAIN)) StartedProgram::close(pipe);
      part.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
      return part;
    }
  }

  /** False when there was nothing. */
  bool pass_output() {
    const std::string part = has_left_ ? "" : part_of(program_.output);
    if (part.empty()) return false;
    if (!channel_.send(FrameKind::output, part, kNoLimit)) has_left_ = is_over_ = true;
    return true;
  }

  void pass_errors() {
    for (const char c : part_of(program_.errors))
      if (c == '\n')
        pass_line();
      else if (line_.size() < kLongestLine)
        line_ += c;
    if (program_.errors < 0) pass_line();
  }

  void pass_line() {
    const std::string line = std::exchange(line_, {});
    if (line.empty() || ++lines_ > kMostLines || has_left_) return;
    const std::string body = static_cast<char>(JARVIS_LOG_INFO) +
                             (lines_ < kMostLines ? valid_utf8(line) : "and more, left out");
    if (!channel_.send(FrameKind::log, body, kNoLimit)) has_left_ = is_over_ = true;
  }

  void wait_for_end() {
    const auto until = Clock::now() + kFarewell;
    while (!status_ && Clock::now() < until) {
      // One who cannot write does not come to its end.
      (void)part_of(program_.output);
      (void)part_of(program_.errors);
      std::this_thread::sleep_for(milliseconds(2));
      status_ = bury_ended(program_.process);
    }
  }

  FrameChannel& channel_;
  StartedProgram program_;
  std::string pending_;  ///< for the program
  std::string line_;     ///< of its standard error, as far as it came
  int lines_ = 0;
  std::optional<int> status_;
  bool is_over_ = false;
  bool has_left_ = false;  ///< nobody listens any more
};

Result<void> attend(FrameChannel& channel, const std::string& body) try {
  const ProcessOrder order = process_order(sdk::parse_object(body, "order"));
  // The program gets no descriptor of ours.
  ::fcntl(channel.descriptor(), F_SETFD, FD_CLOEXEC);
  ::signal(SIGPIPE, SIG_IGN);
  adopt_descendants();
  auto program = start_program(order, "");
  if (!program) return program.error();
  Attendant(channel, std::move(*program)).attend();
  return {};
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, error.what(), ""};
}

}  // namespace

void attend_program(FrameChannel& channel, const std::string& body) {
  if (const auto attended = attend(channel, body); !attended)
    (void)channel.send(FrameKind::failure, failure_body(attended.error()),
                       Clock::now() + kFarewell);
}

}  // namespace jarvis
