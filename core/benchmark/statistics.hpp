#pragma once

#include "core/model/json.hpp"
#include "core/model/task.hpp"

namespace jarvis {

/** What `benchmark show --json` prints: version, task_count, strata, query_classes, created_at,
 * cost_usd, and beside them parts, gold_sources and the models. */
json::object benchmark_statistics(const Benchmark& benchmark);

}  // namespace jarvis
