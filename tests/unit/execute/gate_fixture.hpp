#pragma once

#include <string>
#include <vector>

#include "core/model/score.hpp"

namespace jarvis::testing {

/** One task's score in both arms. */
struct Pair {
  std::string query_class;
  double before;
  double after;
  double weight = 1;
};

/** `count` copies of a pair. */
inline void add(std::vector<Pair>& pairs, int count, const Pair& pair) {
  pairs.insert(pairs.end(), static_cast<std::size_t>(count), pair);
}

inline ArmScores arm_of(const std::vector<Pair>& pairs, double Pair::*side) {
  ArmScores arm;
  for (std::size_t i = 0; i < pairs.size(); ++i)
    arm.tasks.push_back({"task-" + std::to_string(1000 + i), pairs[i].query_class, pairs[i].weight,
                         pairs[i].*side, ""});
  return arm;
}

inline ArmScores before(const std::vector<Pair>& pairs) {
  return arm_of(pairs, &Pair::before);
}
inline ArmScores after(const std::vector<Pair>& pairs) {
  return arm_of(pairs, &Pair::after);
}

}  // namespace jarvis::testing
