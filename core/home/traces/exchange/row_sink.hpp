#pragma once

#include <cstdint>
#include <string>

#include "core/home/traces/trace_row.hpp"

namespace jarvis {

/** Takes what a reader of a foreign format finds in one file, in the order of the file. */
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void row(TraceRow row) = 0;
  /** A record that cannot be used; `line` counts from 1. */
  virtual void bad(std::int64_t line, const std::string& reason) = 0;
  /** Whether nobody wants more. */
  virtual bool stopped() const = 0;
};

}  // namespace jarvis
