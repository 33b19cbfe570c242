#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace jarvis::property {

/** Numbers that are the same on every machine for the same seed. */
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }
  /** In [0, end); `end` must not be 0. */
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  /** In [first, last]. */
  std::size_t between(std::size_t first, std::size_t last) {
    return first + below(last - first + 1);
  }
  bool chance(std::size_t percent) { return below(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

/** A number from the environment, so that one test serves a short and a long run. */
inline std::size_t count_from_environment(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text && *text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace jarvis::property
