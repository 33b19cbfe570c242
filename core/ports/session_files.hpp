#pragma once

#include <string>

#include "core/model/json.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** The artifacts of one session (`learning/sessions/<id>/`). Names are relative to that directory.
 */
class SessionFiles {
 public:
  virtual ~SessionFiles() = default;
  /** Replaces the file atomically. */
  virtual Result<void> write(const std::string& name, const std::string& text) = 0;
  /** As write, and makes the file read-only. Gives its SHA-256 in hex. */
  virtual Result<std::string> freeze(const std::string& name, const std::string& text) = 0;
  /** Appends one JSON line. Safe to call from many threads. */
  virtual Result<void> append(const std::string& name, const json::object& line) = 0;
  /** The path of `name`, relative to the home. */
  virtual std::string path_of(const std::string& name) const = 0;
};

}  // namespace jarvis
