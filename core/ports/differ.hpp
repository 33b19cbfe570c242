#pragma once

#include <string>
#include <vector>

#include "core/model/result.hpp"
#include "core/ports/home_stage.hpp"

namespace jarvis {

/** Compares texts line by line. */
class Differ {
 public:
  virtual ~Differ() = default;
  /** A unified diff of the changes, with paths as git prints them. */
  virtual Result<std::string> diff(const std::vector<FileChange>& changes) const = 0;
  /** The share of the lines of `before` that are gone or changed in `after`, 0..1. */
  virtual double changed_line_share(const std::string& before, const std::string& after) const = 0;
};

}  // namespace jarvis
