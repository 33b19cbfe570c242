#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <vector>

#include "core/home/traces/trace_row.hpp"
#include "core/model/result.hpp"

namespace jarvis {

/** Adds many traces to a store that other programs use at the same time. One thread at a time. */
class TraceAppender {
 public:
  /** Makes the store where there is none. */
  static Result<std::unique_ptr<TraceAppender>> open(const std::filesystem::path& path);
  ~TraceAppender();

  /** Adds those whose ids are not there yet, in one transaction, and leaves the others as they are;
   * gives how many were added. Then lets other writers in. What was added outlives the process; a
   * power cut may cost the last of it. */
  Result<std::int64_t> add(const std::vector<TraceRow>& rows);

 private:
  struct Store;
  explicit TraceAppender(std::unique_ptr<Store> store);

  std::unique_ptr<Store> store_;
};

}  // namespace jarvis
