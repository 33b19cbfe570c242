#include "core/session/execute/gate/sample.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/digest.hpp"

namespace jarvis {

std::vector<Task> draw_sample(const Benchmark& benchmark, const std::string& session_id,
                              const SampleRule& rule) {
  std::vector<std::pair<std::uint64_t, Task>> drawn;
  std::vector<Task> held_out = benchmark.part(Part::held_out);
  for (Task& task : held_out) {
    const std::uint64_t place = stable_hash(session_id + "\n" + task.id);
    drawn.emplace_back(place, std::move(task));
  }
  std::sort(drawn.begin(), drawn.end(), [](const auto& one, const auto& other) {
    return one.first != other.first ? one.first < other.first : one.second.id < other.second.id;
  });
  const std::size_t wanted = static_cast<std::size_t>(std::max(rule.subsample_size, 0));
  if (!rule.full_benchmark && drawn.size() > wanted) drawn.resize(wanted);
  std::vector<Task> sample;
  for (auto& [place, task] : drawn) sample.push_back(std::move(task));
  return sample;
}

}  // namespace jarvis
