#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/near_duplicates.hpp"
#include "core/model/result.hpp"
#include "core/model/task.hpp"
#include "core/model/trace.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

/** What the benchmark is made of, from `[learning.distillation]`. */
struct MiningRule {
  double liked_at_least = 0.7;              ///< benchmark.synthesis_feedback_threshold
  double failed_at_most = 0.3;              ///< triggers.cluster_failure_threshold
  bool include_failures = true;             ///< benchmark.include_failures
  std::size_t max_tasks = 200;              ///< benchmark.max_benchmark_size
  double holdout_share = 0.7;               ///< benchmark.holdout_share
  std::vector<std::string> exclude_agents;  ///< privacy.exclude_agents
};

/** "task-" and 12 hex digits of the normalised query's SHA-256. */
std::string task_id_of(std::string_view query);

/** A rated question that may become a task, without its texts: there may be a million. */
struct Prospect {
  std::string trace_id;
  std::string_view query_class;  ///< as `classify` gives it
  Stratum stratum = Stratum::retain;
  double feedback = 0;
  /** Equal for equal questions, the same everywhere; evenly spread, so that it serves to draw by.
   */
  std::uint64_t question = 0;
  bool waits = false;  ///< its gold answer is known to be unsure
};

/** One prospect for each question that differs from those of `former` and from each other, the best
 * rated first. Left out are traces without a query, liked ones without an answer, those of excluded
 * agents, and those of managed agents (twelve hex digits), whose recorded query is a summary that
 * nobody asked. Of traces with one question, and of near duplicates, the best rated stays, of
 * equals the newest. Holds no texts but ids: a million traces take 0.3 GB for the time of the call.
 */
Result<std::vector<Prospect>> mine_prospects(const TraceReader& traces, const MiningRule& rule,
                                             const std::vector<Task>& former);

/** A prospect that was chosen, with its trace. */
struct Candidate {
  std::string task_id;
  std::string query_class;
  Stratum stratum = Stratum::retain;
  Trace trace;
};

/** The traces of the chosen, in their order. Left out are those that were deleted or rated anew
 * since, and those that are a near duplicate of a former task or of one before them after all:
 * among a million mining finds nearly all, here none is overlooked. */
Result<std::vector<Candidate>> load_candidates(const TraceReader& traces, const MiningRule& rule,
                                               const std::vector<Prospect>& chosen,
                                               const std::vector<Task>& former);

}  // namespace jarvis
