#include "core/app/application.hpp"
#include "core/app/cli/commands.hpp"
#include "core/app/cli/documents.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/when.hpp"
#include "core/app/watching.hpp"
#include "core/benchmark/refresh.hpp"
#include "core/benchmark/store.hpp"
#include "core/daemon/pid_file.hpp"
#include "core/home/live_home.hpp"
#include "core/home/lock.hpp"
#include "core/home/paths.hpp"
#include "core/session/session.hpp"

namespace jarvis {

namespace {

struct Facts {
  std::int64_t traces = 0;
  std::int64_t rated = 0;
  std::int64_t liked = 0;
  std::int64_t min_traces = 0;
  bool enabled = true;
  bool initialised = false;
  std::string benchmark;
  std::size_t queued = 0;
  std::optional<Session> last;
  std::optional<pid_t> daemon;
  std::vector<WatchFinding> watched;
  bool benchmark_is_broken = false;
  std::optional<LockHolder> at_work;
  std::vector<std::string> problems;  ///< files that cannot be read
};

void watch(Application& application, const std::vector<Session>& sessions, Facts& facts) {
  const auto traces = application.traces();
  if (!traces) return;
  auto findings = look_at_edits(application, **traces, sessions);
  if (findings)
    facts.watched = std::move(*findings);
  else
    facts.problems.push_back("the watch cannot look: " + findings.error().message);
}

void read_records(Application& application, const Settings& settings, Facts& facts) {
  const auto benchmark = BenchmarkStore(application.home_path() / kBenchmarksFolder).newest();
  facts.benchmark_is_broken = !benchmark;
  if (!benchmark)
    facts.problems.push_back(benchmark.error().message + " (" + benchmark.error().hint + ")");
  else if (*benchmark)
    facts.benchmark = (*benchmark)->benchmark.version;
  facts.queued = application.recorder().queue().list(facts.problems).size();
  std::vector<BrokenSession> broken;
  const auto sessions = application.recorder().sessions().list(broken);
  if (!sessions.empty()) facts.last = sessions.front();
  for (const BrokenSession& session : broken) facts.problems.push_back(session.reason);
  if (settings.watch_enabled) watch(application, sessions, facts);
}

Result<void> read_traces(Application& application, const Settings& settings, Facts& facts) {
  const auto traces = application.traces();
  if (!traces) return traces.error();
  const auto count = (*traces)->count();
  if (!count) return count.error();
  facts.traces = *count;
  TraceFilter filter;
  filter.rated_only = true;
  const auto rated = (*traces)->count_matching(filter);
  if (!rated) return rated.error();
  facts.rated = *rated;
  filter.min_feedback = settings.benchmark.synthesis_feedback_threshold;
  const auto liked = (*traces)->count_matching(filter);
  if (!liked) return liked.error();
  facts.liked = *liked;
  return {};
}

std::string next_step(const Facts& facts) {
  if (!facts.enabled) return "learning is switched off: set learning.distillation.enabled = true";
  if (facts.at_work)
    return "wait: '" + facts.at_work->command + "' is at work since " + facts.at_work->since;
  if (facts.benchmark_is_broken) return "'jarvis doctor': the benchmark cannot be read";
  if (facts.last && is_interrupted(*facts.last))
    return "'jarvis learning resume': the last session did not come to its end";
  if (facts.traces < facts.min_traces)
    return "needs " + std::to_string(facts.min_traces - facts.traces) +
           " more traces: use the assistant more, or 'jarvis traces import'";
  if (facts.benchmark.empty() && facts.liked < static_cast<std::int64_t>(kLeastLiked))
    return "needs " + std::to_string(static_cast<std::int64_t>(kLeastLiked) - facts.liked) +
           " more answers rated 0.7 or better before edits can be tried";
  if (facts.queued > 0) return "'jarvis learning review': edits wait for you";
  return "'jarvis learning run'";
}

}  // namespace

Result<int> learning_status(Application& application, const Arguments&, Output& output) {
  const auto settings = application.settings();
  if (!settings) return settings.error();
  Facts facts;
  facts.min_traces = (*settings)->min_traces;
  facts.enabled = (*settings)->enabled;
  facts.initialised = application.is_initialised();
  if (auto read = read_traces(application, **settings, facts); !read) return read.error();
  read_records(application, **settings, facts);
  facts.at_work = lock_holder(application.home_path());
  const auto daemon = running_daemon(application.home_path());
  if (!daemon) return daemon.error();
  facts.daemon = *daemon;

  json::array watched;
  for (const WatchFinding& finding : facts.watched) watched.push_back(finding_document(finding));
  output.document(
      {{"home", application.home_path().string()},
       {"initialised", facts.initialised},
       {"enabled", facts.enabled},
       {"traces",
        {{"count", facts.traces},
         {"rated", facts.rated},
         {"liked", facts.liked},
         {"needed", facts.min_traces}}},
       {"benchmark", facts.benchmark.empty() ? json::value(nullptr) : json::value(facts.benchmark)},
       {"queue", facts.queued},
       {"last_session",
        facts.last ? json::value(session_summary(*facts.last)) : json::value(nullptr)},
       {"daemon", facts.daemon ? json::value(*facts.daemon) : json::value(nullptr)},
       {"watch", std::move(watched)},
       {"problems", json::value_from(facts.problems)},
       {"next", next_step(facts)}});
  output.line("home       " + application.home_path().string() +
              (facts.initialised ? "" : " (not initialised)"));
  output.line("traces     " + std::to_string(facts.traces) + ", " + std::to_string(facts.rated) +
              " rated, " + std::to_string(facts.liked) + " liked");
  output.line("benchmark  " + (facts.benchmark.empty() ? "none yet" : facts.benchmark));
  output.line("queue      " + std::to_string(facts.queued) +
              (facts.queued == 1 ? " edit waits for review" : " edits wait for review"));
  output.line("last       " +
              (facts.last ? facts.last->id + ", " + std::string(to_string(facts.last->status)) +
                                ", " + when(facts.last->started_at, application.clock().now())
                          : std::string("no session yet")));
  output.line("daemon     " + (facts.daemon ? "running (pid " + std::to_string(*facts.daemon) +
                                                  "); see 'jarvis learning daemon status'"
                                            : std::string("not running")));
  for (const WatchFinding& finding : facts.watched)
    output.line("watch      " + finding_text(finding));
  for (const std::string& problem : facts.problems) output.line("problem    " + problem);
  output.line("next       " + next_step(facts));
  return 0;
}

}  // namespace jarvis
