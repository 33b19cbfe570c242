#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "core/model/result.hpp"

namespace jarvis {

/** Lets what several threads hand in at once share one transaction: whoever finds none under way
 * commits for all that wait. `Batch` is made empty and filled by those who join it. */
template <class Batch>
class GroupCommit {
 public:
  /** `commit` throws nothing; it is called by one thread at a time. */
  explicit GroupCommit(std::function<Result<void>(Batch&)> commit) : commit_(std::move(commit)) {}

  /** Lets `put` add to the next batch and returns when that is committed, or could not be. */
  template <class Put>
  Result<void> add(Put put) {
    std::unique_lock lock(mutex_);
    const std::shared_ptr<Shared> mine = next_;
    put(mine->batch);
    ended_.wait(lock, [&] { return mine->result || !committing_; });
    if (mine->result) return *mine->result;
    committing_ = true;
    next_ = std::make_shared<Shared>();
    lock.unlock();
    const Result<void> result = commit_(mine->batch);
    lock.lock();
    mine->result = result;
    committing_ = false;
    lock.unlock();
    ended_.notify_all();
    return result;
  }

 private:
  struct Shared {
    Batch batch;
    std::optional<Result<void>> result;
  };

  std::function<Result<void>(Batch&)> commit_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::shared_ptr<Shared> next_ = std::make_shared<Shared>();
  bool committing_ = false;
};

}  // namespace jarvis
