#pragma once

#include <jarvis/abi/base.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace jarvis::sdk {

/** A call that did not succeed, on its way to the host's error sink. The status tells the host what
 * to do next (see jarvis_status); `message` is lower case, cause first; `hint` says what to do. */
class Failure : public std::runtime_error {
 public:
  Failure(jarvis_status status, const std::string& message, std::string hint = {},
          std::int64_t retry_after_ms = 0)
      : std::runtime_error(message),
        status_(status),
        hint_(std::move(hint)),
        retry_after_ms_(retry_after_ms) {}

  jarvis_status status() const { return status_; }
  const std::string& hint() const { return hint_; }
  std::int64_t retry_after_ms() const { return retry_after_ms_; }

 private:
  jarvis_status status_;
  std::string hint_;
  std::int64_t retry_after_ms_;
};

inline Failure invalid(const std::string& message, std::string hint = {}) {
  return Failure(JARVIS_INVALID, message, std::move(hint));
}
inline Failure refused(const std::string& message, std::string hint = {}) {
  return Failure(JARVIS_REFUSED, message, std::move(hint));
}
inline Failure unavailable(const std::string& message, std::string hint = {}) {
  return Failure(JARVIS_UNAVAILABLE, message, std::move(hint));
}
inline Failure retryable(const std::string& message, std::int64_t retry_after_ms = 0) {
  return Failure(JARVIS_RETRYABLE, message, {}, retry_after_ms);
}

}  // namespace jarvis::sdk
