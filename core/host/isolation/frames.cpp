#include "core/host/isolation/frames.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <jarvis/text/utf8.hpp>
#include <utility>

#include "core/model/json.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kHeader = 1 + sizeof(std::uint32_t);
constexpr std::size_t kReadPiece = std::size_t{64} << 10;
constexpr std::size_t kWordsLimit = std::size_t{64} << 10;

Error gone() {
  return {ErrorKind::unavailable, "the other end of the pipe is gone", ""};
}

/** A plugin's words so that JSON can carry them: well-formed, and not without end. */
std::string carried(std::string_view words) {
  std::string kept;
  for (std::size_t at = 0; at < words.size() && kept.size() < kWordsLimit;) {
    const std::size_t begin = at;
    if (text::next_code_point(words, at)) {
      kept.append(words.substr(begin, at - begin));
    } else {
      kept += '?';
      ++at;
    }
  }
  return kept;
}

int milliseconds_until(FrameChannel::Clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      until - FrameChannel::Clock::now() + std::chrono::microseconds(999));
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000));
}

/** Whether `events` came before `until`; also when the other end hung up, so that reading says so.
 */
bool wait_for(int descriptor, short events, FrameChannel::Clock::time_point until) {
  for (;;) {
    pollfd waited{descriptor, events, 0};
    const int ready = ::poll(&waited, 1, milliseconds_until(until));
    if (ready > 0) return true;
    if (ready == 0 && FrameChannel::Clock::now() >= until) return false;
    if (ready < 0 && errno != EINTR) return true;
  }
}

}  // namespace

FrameChannel::FrameChannel(int descriptor) : descriptor_(descriptor) {}

FrameChannel::FrameChannel(FrameChannel&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}

FrameChannel::~FrameChannel() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> FrameChannel::send(FrameKind kind, std::string_view body, Clock::time_point until) {
  if (body.size() > kFrameLimit)
    return Error{ErrorKind::invalid, "a message of more than 64 MiB cannot be passed on", ""};
  const auto size = static_cast<std::uint32_t>(body.size());
  std::string bytes(kHeader, '\0');
  bytes[0] = static_cast<char>(kind);
  std::memcpy(&bytes[1], &size, sizeof size);
  bytes.append(body);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count =
        ::send(descriptor_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0)
      sent += static_cast<std::size_t>(count);
    else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(descriptor_, POLLOUT, until))
        return Error{ErrorKind::retryable, "the other end of the pipe does not read", ""};
    } else if (errno != EINTR)
      return gone();
  }
  return {};
}

std::optional<Frame> FrameChannel::take_frame() {
  if (received_.size() < kHeader) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, &received_[1], sizeof size);
  if (received_.size() < kHeader + size) return std::nullopt;
  const auto kind = static_cast<FrameKind>(received_[0]);
  if (received_.size() > kHeader + size) {
    Frame frame{kind, received_.substr(kHeader, size)};
    received_.erase(0, kHeader + size);
    return frame;
  }
  // The one frame that is here, as nearly always: a large body is not copied, nor its room kept.
  std::string body = std::exchange(received_, {});
  body.erase(0, kHeader);
  return Frame{kind, std::move(body)};
}

Result<std::optional<Frame>> FrameChannel::receive(Clock::time_point until) {
  for (;;) {
    if (received_.size() >= kHeader) {
      std::uint32_t size = 0;
      std::memcpy(&size, &received_[1], sizeof size);
      const auto kind = static_cast<std::uint8_t>(received_[0]);
      if (size > kFrameLimit || kind < 1 || kind > static_cast<std::uint8_t>(FrameKind::output))
        return Error{ErrorKind::invalid, "what came through the pipe is no message", ""};
      if (auto frame = take_frame()) return frame;
      received_.reserve(kHeader + size);
    }
    if (!wait_for(descriptor_, POLLIN, until)) return std::optional<Frame>();
    char piece[kReadPiece];
    const ssize_t count = ::recv(descriptor_, piece, sizeof piece, MSG_DONTWAIT);
    if (count > 0)
      received_.append(piece, static_cast<std::size_t>(count));
    else if (count == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK))
      return gone();
  }
}

std::string failure_body(const Error& error) {
  return json::serialize(json::object{{"kind", static_cast<int>(error.kind)},
                                      {"message", carried(error.message)},
                                      {"hint", carried(error.hint)},
                                      {"retry_after_ms", error.retry_after_ms}});
}

Error failure_from(const std::string& body) try {
  const json::object object = sdk::parse_object(body, "failure");
  const auto number = sdk::optional_integer(object, "kind", -1);
  const bool known = number >= 0 && number <= static_cast<int>(ErrorKind::internal);
  return {known ? static_cast<ErrorKind>(number) : ErrorKind::internal,
          sdk::optional_string(object, "message"), sdk::optional_string(object, "hint"),
          sdk::optional_integer(object, "retry_after_ms", 0)};
} catch (const std::exception& error) {
  return {ErrorKind::internal, error.what(), ""};
}

}  // namespace jarvis
