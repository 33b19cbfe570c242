#pragma once

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
   * gives how many were added. Other writers get their turn between the calls, each time that
   * the store was held for half a second. What was added outlives the process; a power cut may cost
   * what was added since the last of those turns. */
  Result<std::int64_t> add(const std::vector<TraceRow>& rows);

  /** After the last `add`: what was added outlives a power cut from now on. */
  Result<void> finish();

 private:
  struct Store;
  explicit TraceAppender(std::unique_ptr<Store> store);
  Result<void> give_turn();

  std::unique_ptr<Store> store_;
};

}  // namespace jarvis
