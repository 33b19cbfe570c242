#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/result.hpp"

namespace jarvis {

/** What the host and a plugin's process say to each other. `body` is JSON unless stated. */
enum class FrameKind : std::uint8_t {
  open = 1,             ///< host: what to load and within which limits
  ready = 2,            ///< process: loaded; the functions that are offered
  call = 3,             ///< host: one byte with the PluginFunction, then the request
  result = 4,           ///< process: the answer of the call
  failure = 5,          ///< process: an error instead of `ready` or `result`
  service = 6,          ///< process: {"service","request"}; the host answers before anything else
  service_result = 7,   ///< host
  service_failure = 8,  ///< host: an error
  log = 9,              ///< process: one byte with the level, then text
  cancel = 10,          ///< host: the answer of the call is no longer wanted; no body
  drill = 11,           ///< host: calls for a check of the plugin (drill.hpp), instead of a call
  run = 12,             ///< host: a program to run (process/order.hpp), instead of `open`
  attend = 13,          ///< host: a program to talk with (process/order.hpp), instead of `open`
  input = 14,           ///< host: bytes for that program's standard input
  output = 15,          ///< process: bytes of its standard output
};

/** Of a body: the longest text that crosses the border to a plugin, and a little. */
inline constexpr std::size_t kFrameLimit = (std::size_t{64} << 20) + 4096;

struct Frame {
  FrameKind kind = FrameKind::failure;
  std::string body;
};

/** One end of the socket between the host and a plugin's process. Used by one thread at a time. A
 * frame is its kind (1 byte), the length of its body (4 bytes, this machine's order) and the body,
 * at most 64 MiB and a little. */
class FrameChannel {
 public:
  using Clock = std::chrono::steady_clock;

  /** Owns `descriptor`. */
  explicit FrameChannel(int descriptor);
  FrameChannel(FrameChannel&& other) noexcept;
  FrameChannel& operator=(FrameChannel&&) = delete;
  ~FrameChannel();

  int descriptor() const { return descriptor_; }

  /** Fails with `invalid` when the body is too long, and nothing is sent; with `unavailable` when
   * the other end is gone and with `retryable` when it does not read before `until`: then the
   * channel can no longer be used. */
  Result<void> send(FrameKind kind, std::string_view body, Clock::time_point until);
  /** Nothing when no complete frame came before `until`; a part that came is kept for the next
   * time. `unavailable`: the other end is gone; `invalid`: it sent no frame. */
  Result<std::optional<Frame>> receive(Clock::time_point until);

 private:
  std::optional<Frame> take_frame();

  int descriptor_;
  std::string received_;
};

/** An error as a frame's body, and back. Of its words 64 KiB are carried, what is no UTF-8 as
 * question marks. */
std::string failure_body(const Error& error);
Error failure_from(const std::string& body);

}  // namespace jarvis
