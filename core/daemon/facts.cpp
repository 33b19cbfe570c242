#include "core/daemon/facts.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "core/model/query_class.hpp"
#include "core/ports/clock.hpp"
#include "core/session/session.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostFailures = 2000;  ///< the newest; more would say nothing new
constexpr std::size_t kQueryBeginning = 4096;
/** What the recovery of the home leaves in a session whose process was killed. */
constexpr std::string_view kInterrupted = "interrupted";

/** Whether what ended the session may be over when it is gone on with. */
bool is_passing(const std::string& error_code) {
  return error_code.empty() || error_code == kInterrupted ||
         error_code == to_string(ErrorKind::cancelled) ||
         error_code == to_string(ErrorKind::retryable) ||
         error_code == to_string(ErrorKind::unavailable);
}

void keep_newest(std::vector<Failure>& failures) {
  if (failures.size() <= kMostFailures) return;
  std::nth_element(
      failures.begin(), failures.begin() + kMostFailures, failures.end(),
      [](const Failure& one, const Failure& other) { return one.started_at > other.started_at; });
  failures.resize(kMostFailures);
}

double benchmark_time(const std::optional<BenchmarkFile>& benchmark) {
  if (!benchmark || benchmark->provenance.empty()) return 0;
  return time_of_iso8601(benchmark->provenance.back().created_at);
}

}  // namespace

bool reached_planning(const Session& session) {
  return !session.plan_path.empty() || session.status == SessionStatus::planning ||
         std::any_of(session.clusters.begin(), session.clusters.end(),
                     [](const Cluster& cluster) { return !cluster.dropped; });
}

std::string session_to_resume(const std::vector<Session>& sessions) {
  const auto newest = std::find_if(sessions.begin(), sessions.end(), reached_planning);
  if (newest == sessions.end() || !is_interrupted(*newest)) return {};
  return is_passing(newest->error_code) ? newest->id : std::string();
}

Result<Facts> gather_facts(const TraceReader& traces, const std::vector<Session>& sessions,
                           const std::optional<BenchmarkFile>& benchmark, const TriggerRules& rules,
                           const std::set<std::string>& fired) {
  Facts facts;
  const auto last = std::find_if(sessions.begin(), sessions.end(), reached_planning);
  if (last != sessions.end()) facts.since = time_of_iso8601(last->started_at);
  facts.interrupted = session_to_resume(sessions);
  if (benchmark) facts.benchmark = benchmark->benchmark.version;
  const double benchmark_made = benchmark_time(benchmark);
  const double threshold = rules.triggers.cluster_failure_threshold;

  struct Count {
    std::int64_t rated = 0;
    std::int64_t failed = 0;
  };
  std::map<std::string, Count, std::less<>> classes;
  std::vector<Failure> failures;
  TraceFilter all;
  all.limit = -1;
  const auto scanned = traces.scan(all, [&](const Trace& trace) {
    ++facts.traces;
    if (trace.feedback) {
      ++facts.rated;
      if (trace.started_at <= benchmark_made) ++facts.rated_before_benchmark;
    }
    if (last != sessions.end() && trace.started_at <= facts.since) return true;
    ++facts.new_traces;
    if (!trace.feedback) return true;
    Count& count = classes[std::string(classify(trace.query))];
    ++count.rated;
    if (*trace.feedback > threshold) return true;
    ++count.failed;
    if (fired.contains(trace.id)) return true;
    ++facts.new_failures;
    failures.push_back({trace.id, trace.query.substr(0, kQueryBeginning), trace.started_at});
    if (failures.size() >= 2 * kMostFailures) keep_newest(failures);
    return true;
  });
  if (!scanned) return scanned.error();
  keep_newest(failures);
  facts.clusters = group_failures(std::move(failures));
  for (const FailureCluster& cluster : facts.clusters) {
    const auto found = classes.find(cluster.query_class);
    facts.failure_rates.push_back(found == classes.end()
                                      ? 1.0
                                      : static_cast<double>(found->second.failed) /
                                            static_cast<double>(found->second.rated));
  }
  return facts;
}

}  // namespace jarvis
