#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace jarvis::bench {

/** The median time of one call of `work`, in milliseconds: of `rounds` rounds of `calls` calls. */
template <class Work>
double median_milliseconds(int rounds, int calls, Work work) {
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (int call = 0; call < calls; ++call) work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    times.push_back(took.count() / calls);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<std::size_t>(rounds / 2)];
}

/** Prints rows with their ratio to the first, which machines share better than times. */
class Table {
 public:
  explicit Table(const char* title) {
    std::printf("%s\n  %-58s %10s %8s\n", title, "", "ms", "ratio");
  }

  void row(const std::string& what, double milliseconds) {
    if (first_ == 0) first_ = milliseconds;
    std::printf("  %-58s %10.4f %8.2f\n", what.c_str(), milliseconds, milliseconds / first_);
  }

 private:
  double first_ = 0;
};

}  // namespace jarvis::bench
