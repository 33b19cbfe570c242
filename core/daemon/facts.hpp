#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/benchmark/store.hpp"
#include "core/daemon/failure_clusters.hpp"
#include "core/daemon/rules.hpp"
#include "core/model/session.hpp"
#include "core/ports/trace_reader.hpp"
#include "core/watch/watched_edits.hpp"

namespace jarvis {

/** What the triggers look at. */
struct Facts {
  std::int64_t traces = 0;      ///< that may be learned from
  double since = 0;             ///< when the last session that reached planning began; 0: none did
  std::int64_t new_traces = 0;  ///< since then
  /** Failures among them that started no session yet, and how they hang together. */
  std::int64_t new_failures = 0;
  std::vector<FailureCluster> clusters;
  std::vector<double> failure_rates;  ///< of each cluster's query class, among new rated traces
  std::string interrupted;            ///< the session to go on with; empty: none
  std::string benchmark;              ///< the newest version; empty: none yet
  std::int64_t rated = 0;
  std::int64_t rated_before_benchmark = 0;
  std::vector<WatchFinding> watched;  ///< what the watch sees of the applied edits
};

/** Whether a session came as far as its plan. */
bool reached_planning(const Session& session);

/** The session that a daemon goes on with by itself: the newest that reached planning, where it was
 * killed, stopped, or ended by a passing fault. Empty when there is none. `sessions` are newest
 * first. */
std::string session_to_resume(const std::vector<Session>& sessions);

/** Looks at everything but the applied edits once; takes as much memory for a million traces as for
 * a thousand. `fired` are the traces whose cluster started a session before. */
Result<Facts> gather_facts(const TraceReader& traces, const std::vector<Session>& sessions,
                           const std::optional<BenchmarkFile>& benchmark, const TriggerRules& rules,
                           const std::set<std::string>& fired);

}  // namespace jarvis
