#include "core/benchmark/split.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/digest.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kLeastPractice = 3;
constexpr std::size_t kMostPractice = 30;

/** Evenly spread over 0..1, the same on every machine. */
double place_of(const Task& task) {
  return std::ldexp(static_cast<double>(stable_hash("split\n" + task.id) >> 11), -53);
}

}  // namespace

void split(std::vector<Task>& tasks, const std::set<std::string>& settled,
           const std::set<std::string>& flagged, double holdout_share) {
  std::vector<std::pair<double, Task*>> movable;
  std::size_t practice = 0;
  for (Task& task : tasks) {
    if (flagged.contains(task.id)) {
      task.part = Part::practice;
    } else if (settled.count(task.id) == 0) {
      const double place = place_of(task);
      task.part = place < holdout_share ? Part::held_out : Part::practice;
      movable.emplace_back(place, &task);
    }
    if (task.part == Part::practice) ++practice;
  }
  std::sort(movable.begin(), movable.end(), [](const auto& one, const auto& other) {
    return one.first != other.first ? one.first < other.first : one.second->id < other.second->id;
  });
  const bool few = tasks.size() < 2 * kLeastPractice;
  const std::size_t least = few ? tasks.size() / 2 : kLeastPractice;
  const std::size_t most = few ? tasks.size() / 2 : kMostPractice;
  for (auto it = movable.rbegin(); it != movable.rend() && practice < least; ++it) {
    if (it->second->part == Part::practice) continue;
    it->second->part = Part::practice;
    ++practice;
  }
  for (auto it = movable.begin(); it != movable.end() && practice > most; ++it) {
    if (it->second->part == Part::held_out) continue;
    it->second->part = Part::held_out;
    --practice;
  }
}

}  // namespace jarvis
