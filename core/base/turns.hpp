#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <unordered_set>

namespace jarvis {

/** Lets one thread at a time work on a key; the others wait, and then find what it left. */
class Turns {
 public:
  /** Holds a key until it goes out of scope. */
  class Turn {
   public:
    Turn(Turns& turns, std::string key) : turns_(turns), key_(std::move(key)) {
      std::unique_lock lock(turns_.mutex_);
      turns_.ended_.wait(lock, [this] { return turns_.taken_.insert(key_).second; });
    }
    ~Turn() {
      {
        const std::lock_guard lock(turns_.mutex_);
        turns_.taken_.erase(key_);
      }
      turns_.ended_.notify_all();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    Turns& turns_;
    std::string key_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::unordered_set<std::string> taken_;
};

}  // namespace jarvis
