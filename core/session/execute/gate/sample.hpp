#pragma once

#include <string>
#include <vector>

#include "core/model/task.hpp"

namespace jarvis {

struct SampleRule {
  int subsample_size = 50;      ///< `benchmark_subsample_size`
  bool full_benchmark = false;  ///< take every held-out task
};

/** The held-out tasks that decide in this session: at most `subsample_size`, ordered and drawn by a
 * fixed hash of session and task id, so every edit of the session and every resumption sees the
 * same. */
std::vector<Task> draw_sample(const Benchmark& benchmark, const std::string& session_id,
                              const SampleRule& rule);

}  // namespace jarvis
