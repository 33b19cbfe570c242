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
  /** `status` is any but JARVIS_OK, which the guard turns into JARVIS_INTERNAL. `hint` may be
   * empty. `retry_after_ms`, in milliseconds, matters with JARVIS_RETRYABLE alone; 0: not known. */
  Failure(jarvis_status status, const std::string& message, std::string hint = {},
          std::int64_t retry_after_ms = 0)
      : std::runtime_error(message),
        status_(status),
        hint_(std::move(hint)),
        retry_after_ms_(retry_after_ms) {}

  jarvis_status status() const { return status_; }
  /** What to do about it; may be empty. */
  const std::string& hint() const { return hint_; }
  /** In milliseconds; 0: not known. */
  std::int64_t retry_after_ms() const { return retry_after_ms_; }

 private:
  jarvis_status status_;
  std::string hint_;
  std::int64_t retry_after_ms_;
};

/** JARVIS_INVALID: the request is malformed. Made, not thrown, like the three below:
 * `throw invalid(…)`. */
inline Failure invalid(const std::string& message, std::string hint = {}) {
  return Failure(JARVIS_INVALID, message, std::move(hint));
}
/** JARVIS_REFUSED: understood and declined for good. */
inline Failure refused(const std::string& message, std::string hint = {}) {
  return Failure(JARVIS_REFUSED, message, std::move(hint));
}
/** JARVIS_UNAVAILABLE: something that is needed is not there, as a server, a key or a file. */
inline Failure unavailable(const std::string& message, std::string hint = {}) {
  return Failure(JARVIS_UNAVAILABLE, message, std::move(hint));
}
/** JARVIS_RETRYABLE: the same call may succeed later, after so many milliseconds where that is
 * known (0: it is not). */
inline Failure retryable(const std::string& message, std::int64_t retry_after_ms = 0) {
  return Failure(JARVIS_RETRYABLE, message, {}, retry_after_ms);
}

}  // namespace jarvis::sdk
