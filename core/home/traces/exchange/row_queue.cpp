#include "core/home/traces/exchange/row_queue.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kBatchRows = 8000;
constexpr std::size_t kBatchBytes = std::size_t{12} << 20;
constexpr std::size_t kMostBatches = 1;

}  // namespace

void RowQueue::put(TraceRow row) {
  bytes_ += row.size();
  filling_.push_back(std::move(row));
  if (filling_.size() < kBatchRows && bytes_ < kBatchBytes) return;
  std::unique_lock lock(mutex_);
  hand_over(lock);
}

void RowQueue::hand_over(std::unique_lock<std::mutex>& lock) {
  changed_.wait(lock, [&] { return closed_ || full_.size() < kMostBatches; });
  if (!closed_) full_.push_back(std::move(filling_));
  filling_ = {};
  bytes_ = 0;
  changed_.notify_all();
}

void RowQueue::finish() {
  std::unique_lock lock(mutex_);
  if (!filling_.empty()) hand_over(lock);
  finished_ = true;
  changed_.notify_all();
}

bool RowQueue::take(std::vector<TraceRow>& rows) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return finished_ || !full_.empty(); });
  if (full_.empty()) return false;
  rows = std::move(full_.front());
  full_.pop_front();
  changed_.notify_all();
  return true;
}

void RowQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

bool RowQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace jarvis
