#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

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
  /** Traces that the user flagged: their tasks are practice tasks for good. */
  std::vector<std::string> flagged_trace_ids;
};

/** The query in lower case (ASCII) with each run of white space squashed to one space: two queries
 * that are equal in this form are one question. */
std::string normalised_query(std::string_view query);

/** "task-" and 12 hex digits of the normalised query's SHA-256. */
std::string task_id_of(std::string_view query);

/** A rated trace that may become a task. */
struct Candidate {
  std::string task_id;
  std::string query_class;
  Stratum stratum = Stratum::retain;
  Trace trace;
};

/** All candidates, one for each question, sorted by task id. Left out are traces without a query,
 * liked ones without an answer, those of excluded agents, and those of managed agents (twelve hex
 * digits), whose recorded query is a summary that nobody asked. Of traces with one question the
 * best rated stays, of equals the newest. */
Result<std::vector<Candidate>> mine_candidates(const TraceReader& traces, const MiningRule& rule);

}  // namespace jarvis
