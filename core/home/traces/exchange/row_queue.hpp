#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "core/home/traces/trace_row.hpp"

namespace jarvis {

/** Hands rows in batches from the thread that reads to the thread that writes; holds a few batches
 * only. */
class RowQueue {
 public:
  /** For the reader. Waits while the queue is full; drops the row once it is closed. */
  void put(TraceRow row);
  /** For the reader: no more rows come. */
  void finish();
  /** For the writer. False when no more come. */
  bool take(std::vector<TraceRow>& rows);
  /** For the writer: no more are wanted. */
  void close();
  bool closed() const;

 private:
  void hand_over(std::unique_lock<std::mutex>& lock);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<TraceRow>> full_;
  bool finished_ = false;
  bool closed_ = false;
  std::vector<TraceRow> filling_;  ///< the reader's alone
  std::size_t bytes_ = 0;
};

}  // namespace jarvis
