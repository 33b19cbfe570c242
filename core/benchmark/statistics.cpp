#include "core/benchmark/statistics.hpp"

#include <cstdint>
#include <map>

namespace jarvis {

json::object benchmark_statistics(const Benchmark& benchmark) {
  std::map<std::string, std::int64_t> strata{{"retain", 0}, {"repair", 0}};
  std::map<std::string, std::int64_t> parts{{"practice", 0}, {"held_out", 0}};
  std::map<std::string, std::int64_t> sources{{"teacher", 0}, {"user", 0}};
  std::map<std::string, std::int64_t> classes;
  for (const Task& task : benchmark.tasks) {
    ++strata[task.stratum == Stratum::retain ? "retain" : "repair"];
    ++parts[task.part == Part::practice ? "practice" : "held_out"];
    ++sources[task.gold_source];
    ++classes[task.query_class];
  }
  return {{"version", benchmark.version},
          {"task_count", benchmark.tasks.size()},
          {"strata", json::value_from(strata)},
          {"query_classes", json::value_from(classes)},
          {"parts", json::value_from(parts)},
          {"gold_sources", json::value_from(sources)},
          {"created_at", benchmark.created_at},
          {"cost_usd", benchmark.cost_usd},
          {"teacher_model", benchmark.teacher_model},
          {"judge_model", benchmark.judge_model}};
}

}  // namespace jarvis
