#include "core/base/parallel.hpp"

#include <doctest/doctest.h>

#include <condition_variable>
#include <stdexcept>
#include <vector>

using namespace jarvis;

TEST_CASE("parallel: an exception on any thread is rethrown when all have ended") {
  std::atomic<int> inside{0};
  CHECK_THROWS_WITH(parallel_for(100, 4,
                                 [&](std::size_t index) {
                                   ++inside;
                                   std::this_thread::yield();
                                   --inside;
                                   if (index == 3) throw std::runtime_error("broken");
                                 }),
                    "broken");
  CHECK(inside == 0);
}

TEST_CASE("parallel: on one thread nothing runs after an exception") {
  std::vector<std::size_t> ran;
  CHECK_THROWS(parallel_for(10, 1, [&](std::size_t index) {
    ran.push_back(index);
    if (index == 2) throw std::runtime_error("broken");
  }));
  CHECK(ran == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("parallel: nothing to do, and no concurrency at all, are fine") {
  int ran = 0;
  parallel_for(0, 8, [&](std::size_t) { ++ran; });
  CHECK(ran == 0);
  parallel_for(5, 0, [&](std::size_t) { ++ran; });
  CHECK(ran == 5);
}

TEST_CASE("parallel: each index comes once") {
  std::vector<std::atomic<int>> seen(500);
  parallel_for(seen.size(), 8, [&](std::size_t index) { ++seen[index]; });
  for (const auto& count : seen) CHECK(count == 1);
}

TEST_CASE("parallel: as many run at once as allowed, and no more") {
  std::mutex mutex;
  std::condition_variable all_in;
  int inside = 0, most = 0, arrived = 0;
  parallel_for(12, 4, [&](std::size_t) {
    std::unique_lock lock(mutex);
    most = std::max(most, ++inside);
    ++arrived;
    all_in.notify_all();
    // The first four wait for each other, so that a pool of fewer would never end.
    all_in.wait(lock, [&] { return arrived >= 4; });
    --inside;
  });
  CHECK(most == 4);
}
