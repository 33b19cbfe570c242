#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace jarvis {

/** Calls body(0) … body(count − 1) on at most `concurrency` threads, each index once, in rising
 * order of their start, and returns when all are done. The first exception ends the handing out and
 * is rethrown. */
template <class Body>
void parallel_for(std::size_t count, std::size_t concurrency, Body body) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex failure_mutex;
  const auto work = [&] {
    for (std::size_t index; (index = next.fetch_add(1)) < count;) {
      try {
        body(index);
      } catch (...) {
        next = count;
        const std::lock_guard lock(failure_mutex);
        if (!failure) failure = std::current_exception();
      }
    }
  };
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(std::max<std::size_t>(concurrency, 1), count); ++i)
    threads.emplace_back(work);
  work();
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace jarvis
