#pragma once

#include <jarvis/abi/base.h>

#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** The host's end of a jarvis_reply: copies what a plugin hands back, and throws nothing through
 * it. Used on one thread. */
class Reply {
 public:
  Reply();
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  const jarvis_reply* sink() const { return &sink_; }
  /** What the plugin wrote to the error sink. */
  const std::string& message() const { return message_; }
  /** The answer, or the error that `status` and the sink tell; errors of the border itself name
   * `plugin`. */
  Result<json::object> take(jarvis_status status, const std::string& plugin) const;

 private:
  void keep(jarvis_str text) noexcept;
  void keep(const jarvis_error* error) noexcept;

  jarvis_reply sink_;
  int results_ = 0;
  bool spoilt_ = false;
  std::string result_;
  std::string message_;
  std::string hint_;
  std::int64_t retry_after_ms_ = 0;
};

/** What is said of a call that failed when the plugin gave no message. */
std::string failed_without_a_reason(const std::string& plugin);

/** Writes a service's answer into a plugin's sink. */
jarvis_status give_result(const jarvis_reply& reply, const json::object& result) noexcept;
jarvis_status give_error(const jarvis_reply& reply, const Error& error) noexcept;

}  // namespace jarvis
