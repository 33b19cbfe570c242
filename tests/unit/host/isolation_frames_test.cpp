#include <doctest/doctest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <utility>

#include "core/host/isolation/frames.hpp"

using namespace jarvis;

namespace {

using Clock = FrameChannel::Clock;

struct Pair {
  int descriptors[2];
  Pair() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors) == 0); }
};

/** A channel, and the bare other end of its socket. */
struct Ends {
  explicit Ends(const Pair& pair = {}) : channel(pair.descriptors[0]), other(pair.descriptors[1]) {}
  ~Ends() { hang_up(); }

  void write(std::string_view bytes) const {
    REQUIRE(::send(other, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  void hang_up() {
    if (other >= 0) ::close(other);
    other = -1;
  }

  FrameChannel channel;
  int other;
};

std::string bytes_of(int kind, std::uint32_t size, std::string_view body) {
  std::string bytes(5, static_cast<char>(kind));
  std::memcpy(&bytes[1], &size, sizeof size);
  return bytes.append(body);
}

std::string bytes_of(FrameKind kind, std::string_view body) {
  return bytes_of(static_cast<int>(kind), static_cast<std::uint32_t>(body.size()), body);
}

Clock::time_point soon() {
  return Clock::now() + std::chrono::milliseconds(20);
}

Clock::time_point later() {
  return Clock::now() + std::chrono::seconds(30);
}

}  // namespace

TEST_CASE("frames: one that comes byte by byte is whole with the last byte, and not before") {
  Ends both;
  FrameChannel& channel = both.channel;
  const std::string bytes = bytes_of(FrameKind::result, "{\"a\":1}") + bytes_of(FrameKind::log, "");
  std::string seen;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    both.write(bytes.substr(i, 1));
    const auto frame = channel.receive(Clock::now());
    REQUIRE(frame.ok());
    if (*frame) seen += std::to_string(i) + ":" + (*frame)->body + " ";
  }
  CHECK(seen == "11:{\"a\":1} 16: ");
}

TEST_CASE("frames: many that come at once are given one after the other") {
  Ends both;
  FrameChannel& channel = both.channel;
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += bytes_of(FrameKind::log, std::to_string(i));
  both.write(bytes + bytes_of(FrameKind::result, "{}").substr(0, 6));
  for (int i = 0; i < 100; ++i) {
    const auto frame = channel.receive(later());
    REQUIRE((frame.ok() && *frame));
    CHECK((*frame)->body == std::to_string(i));
  }
  CHECK(!channel.receive(Clock::now())->has_value());
  both.write("}");
  CHECK((*channel.receive(later()))->body == "{}");
}

TEST_CASE("frames: what is no frame is told from silence and from the end") {
  struct Case {
    std::string bytes;
    const char* what;
  };
  for (const Case& bad : std::initializer_list<Case>{
           {bytes_of(0, 0, ""), "kind 0"},
           {bytes_of(static_cast<int>(FrameKind::output) + 1, 0, ""), "a kind after the last"},
           {bytes_of(255, 0, ""), "kind 255"},
           {bytes_of(4, 0xffffffffu, ""), "as long as a number can be"},
           {bytes_of(4, static_cast<std::uint32_t>(kFrameLimit) + 1, ""), "one byte too long"},
           {"HTTP/1.1 200 OK\r\n\r\n", "another protocol"}}) {
    CAPTURE(bad.what);
    Ends both;
    FrameChannel& channel = both.channel;
    both.write(bad.bytes);
    const auto frame = channel.receive(later());
    REQUIRE(!frame.ok());
    CHECK(frame.error().kind == ErrorKind::invalid);
  }
  Ends both;
  CHECK(!both.channel.receive(soon())->has_value());
}

TEST_CASE("frames: what came before the other end hung up is still read") {
  Ends both;
  both.write(bytes_of(FrameKind::result, "{}") + bytes_of(FrameKind::result, "{}").substr(0, 3));
  both.hang_up();
  CHECK((*both.channel.receive(later()))->body == "{}");
  const auto gone = both.channel.receive(later());
  REQUIRE(!gone.ok());
  CHECK(gone.error().kind == ErrorKind::unavailable);
  const auto unsent = both.channel.send(FrameKind::call, "x", later());
  REQUIRE(!unsent.ok());
  CHECK(unsent.error().kind == ErrorKind::unavailable);
}

TEST_CASE("frames: to send too much is refused before a byte is sent") {
  Ends both;
  const auto refused =
      both.channel.send(FrameKind::call, std::string(kFrameLimit + 1, 'x'), later());
  REQUIRE(!refused.ok());
  CHECK(refused.error().kind == ErrorKind::invalid);
  REQUIRE(both.channel.send(FrameKind::call, "y", later()).ok());
  FrameChannel other(std::exchange(both.other, -1));
  CHECK((*other.receive(later()))->body == "y");
}

TEST_CASE("frames: one who does not read is not waited for beyond the time") {
  Ends both;
  const auto unread =
      both.channel.send(FrameKind::call, std::string(std::size_t{8} << 20, 'x'), soon());
  REQUIRE(!unread.ok());
  CHECK(unread.error().kind == ErrorKind::retryable);
}

TEST_CASE("frames: the longest goes there and back while signals come in") {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};
  ::sigaction(SIGUSR1, &action, &before);
  Ends both;
  FrameChannel other(std::exchange(both.other, -1));
  const std::string body(kFrameLimit, 'z');
  std::atomic<bool> over{false};
  std::string here, there;
  std::thread sender([&] {
    (void)both.channel.send(FrameKind::call, body, later());
    if (auto frame = both.channel.receive(later()); frame && *frame) here = (*frame)->body;
    over = true;
  });
  std::thread receiver([&] {
    if (auto frame = other.receive(later()); frame && *frame) there = (*frame)->body;
    (void)other.send(FrameKind::result, there, later());
  });
  while (!over) {
    ::pthread_kill(sender.native_handle(), SIGUSR1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  sender.join();
  receiver.join();
  ::sigaction(SIGUSR1, &before, nullptr);
  CHECK(there == body);
  CHECK(here == body);
}

TEST_CASE("frames: an error comes out of its frame as it went in") {
  const Error before{ErrorKind::retryable, "not \"now\"\n", "later, ü", 1500};
  const Error after = failure_from(failure_body(before));
  CHECK(after.kind == before.kind);
  CHECK(after.message == before.message);
  CHECK(after.hint == before.hint);
  CHECK(after.retry_after_ms == before.retry_after_ms);
}

TEST_CASE("frames: the words of an error are mended and cut, never lost") {
  CHECK(failure_from(failure_body({ErrorKind::refused, "a\xff\xc3z", ""})).message == "a??z");
  const Error long_one = failure_from(
      failure_body({ErrorKind::refused, std::string(std::size_t{60} << 20, '\n'), ""}));
  CHECK(long_one.kind == ErrorKind::refused);
  CHECK(long_one.message == std::string(65536, '\n'));
}

TEST_CASE("frames: what is no error is an internal one") {
  for (const char* body :
       {"", "[]", "{", "{\"kind\":99}", "{\"kind\":-1}", "{\"kind\":\"x\"}", "{}"})
    CHECK(failure_from(body).kind == ErrorKind::internal);
}
