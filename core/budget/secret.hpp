#pragma once

#include <string>
#include <vector>

#include "core/model/result.hpp"

namespace jarvis {

/** A key. It has no conversion, no output operator and no formatter, so that it cannot get into a
 * log, a file or a message by mistake. */
class Secret {
 public:
  Secret() = default;

  /** The first of these environment variables that is set and not empty, without the white space
   * around it. unavailable when none is; configuration when the value holds control characters. */
  static Result<Secret> from_environment(const std::vector<std::string>& names);

  /** For tests and for keys that do not come from the environment. */
  static Secret of(std::string value);

  bool empty() const { return value_.empty(); }
  /** The environment variable that it came from; empty for others. */
  const std::string& source() const { return source_; }
  /** The key itself: for the header that carries it, and for removing it from texts. */
  const std::string& reveal() const { return value_; }

 private:
  std::string value_;
  std::string source_;
};

}  // namespace jarvis
