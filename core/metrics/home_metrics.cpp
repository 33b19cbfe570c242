#include "core/metrics/home_metrics.hpp"

#include <algorithm>
#include <tuple>

#include "core/benchmark/store.hpp"
#include "core/daemon/pid_file.hpp"
#include "core/daemon/state.hpp"
#include "core/dashboard/json_lines.hpp"
#include "core/home/paths.hpp"
#include "core/home/settings/settings.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/ports/feedback_stats.hpp"
#include "core/ports/teacher.hpp"
#include "core/session/record/review_queue.hpp"

namespace jarvis {

namespace {

using dashboard::SessionLine;
using dashboard::stamp_of;

constexpr std::size_t kLongestName = 64;

constexpr SessionStatus kSessionStatuses[] = {
    SessionStatus::initiated, SessionStatus::diagnosing,      SessionStatus::planning,
    SessionStatus::executing, SessionStatus::awaiting_review, SessionStatus::completed,
    SessionStatus::failed,    SessionStatus::rolled_back};

constexpr Purpose kPurposes[] = {Purpose::diagnosis, Purpose::planning, Purpose::run_self,
                                 Purpose::gold,      Purpose::judge,    Purpose::student};

std::string text_of(std::string_view text) {
  return std::string(text);
}

/** The op of an edit that some plugin took; a teacher may name one as it likes, and nothing of that
 * belongs into a label. */
std::string op_label(const dashboard::EditLine& edit) {
  const bool is_name =
      !edit.op.empty() && edit.op.size() <= kLongestName &&
      std::all_of(edit.op.begin(), edit.op.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
      });
  return is_name && edit.status != EditStatus::skipped ? edit.op : "other";
}

std::string purpose_label(const std::string& purpose) {
  const bool is_known = std::any_of(std::begin(kPurposes), std::end(kPurposes),
                                    [&](Purpose known) { return to_string(known) == purpose; });
  return is_known ? purpose : "other";
}

double share(bool is_so) {
  return is_so ? 1 : 0;
}

}  // namespace

HomeMetrics::HomeMetrics(std::filesystem::path home, const Clock& clock, std::string version)
    : home_(std::move(home)),
      clock_(clock),
      version_(std::move(version)),
      view_(home_),
      sessions_(home_) {}

std::string HomeMetrics::text() {
  Exposition out;
  readable_.clear();
  out.gauge("build_info", "The program that serves this; always 1.");
  out.sample(1, {{"version", version_}});
  add_daemon(out);
  add_sessions(out);
  add_queue(out);
  add_spending(out);
  add_traces(out);
  add_benchmark(out);
  out.gauge("readable", "Whether a part of the home could be read.");
  for (const auto& [part, is_readable] : readable_)
    out.sample(share(is_readable), {{"part", part}});
  return out.text();
}

void HomeMetrics::add_daemon(Exposition& out) {
  const auto pid = running_daemon(home_);
  const bool is_up = pid && *pid;
  out.gauge("daemon_up", "Whether the home's daemon runs.");
  out.sample(share(is_up));
  const auto state = read_daemon_state(home_);
  readable_["daemon"] = pid.ok() && state.ok();
  if (!state) return;
  out.gauge("daemon_working", "Whether the daemon has something at work.");
  out.sample(share(is_up && !state->working.empty()));
  out.gauge("daemon_held", "Whether the daemon waits because something went wrong.");
  out.sample(share(is_up && state->hold_until > clock_.now()));
  out.gauge("daemon_setbacks", "How often in a row something went wrong.");
  out.sample(static_cast<double>(state->setbacks) + state->look_setbacks);
  out.gauge("daemon_config_refused", "Whether a changed config.toml was not taken over.");
  out.sample(share(is_up && !state->config_error.empty()));
  out.counter("trigger_checks_total", "How often the daemon has looked at what its triggers say.");
  out.sample(static_cast<double>(state->checks));
}

void HomeMetrics::add_sessions(Exposition& out) {
  const auto content = sessions_.look();
  readable_["sessions"] = content->broken.empty();
  std::map<SessionStatus, int> by_status;
  std::map<std::tuple<std::string, std::string>, int> by_edit;
  int harmful = 0;
  for (const SessionLine& session : content->sessions) {
    ++by_status[session.status];
    for (const dashboard::EditLine& edit : session.edits) {
      ++by_edit[{text_of(to_string(edit.status)), op_label(edit)}];
      harmful += edit.is_harmful ? 1 : 0;
    }
  }
  out.gauge("sessions", "Sessions by what became of them.");
  for (const SessionStatus status : kSessionStatuses)
    out.sample(by_status[status], {{"status", text_of(to_string(status))}});
  out.gauge("edits", "Edits by what became of them and by their op.");
  for (const auto& [key, count] : by_edit)
    out.sample(count, {{"status", std::get<0>(key)}, {"op", std::get<1>(key)}});
  out.counter("watch_alarms_total", "Applied edits after which the feedback fell.");
  out.sample(harmful);
  if (content->sessions.empty()) return;
  out.gauge("last_session_age_seconds", "Since the newest session began.");
  const double began = time_of_iso8601(content->sessions.front().started_at);
  out.sample(std::max(0.0, clock_.now() - began));
}

void HomeMetrics::add_benchmark(Exposition& out) {
  const auto newest = BenchmarkStore(home_ / kBenchmarksFolder).newest();
  readable_["benchmark"] = newest.ok();
  if (!newest || !*newest) return;
  const Benchmark& benchmark = (*newest)->benchmark;
  out.gauge("benchmark_version", "Number of the newest version of the personal benchmark.");
  out.sample(benchmark.number);
  out.gauge("benchmark_tasks", "Its tasks.");
  out.sample(static_cast<double>(benchmark.tasks.size()));
  const auto content = sessions_.look();
  const auto measured = std::find_if(
      content->sessions.begin(), content->sessions.end(), [&](const SessionLine& session) {
        return session.benchmark_version == benchmark.version && (session.before || session.after);
      });
  if (measured == content->sessions.end()) return;
  out.gauge("benchmark_score", "The student's score on it at the end of the last session, 0 to 1.");
  out.sample(measured->after ? *measured->after : *measured->before);
}

// The ledger only grows, so that each look reads what is new. Another file, or one that is shorter,
// is read from its beginning.
void HomeMetrics::add_spending(Exposition& out) {
  const auto stamp = stamp_of(home_ / kLedgerFile);
  const auto read = static_cast<std::int64_t>(ledger_read_);
  if (stamp.file != ledger_.file || stamp.size < read) {
    ledger_read_ = 0;
    spent_usd_.clear();
  }
  if (stamp.size > static_cast<std::int64_t>(ledger_read_))
    ledger_read_ = dashboard::each_json_line(
        home_ / kLedgerFile, ledger_read_, [this](const json::object& line) {
          if (sdk::optional_string(line, "event") != "settle") return;
          const double usd = sdk::optional_number(line, "usd").value_or(0);
          if (usd > 0) spent_usd_[purpose_label(sdk::optional_string(line, "purpose"))] += usd;
        });
  ledger_ = stamp;
  for (const Purpose purpose : kPurposes) spent_usd_[text_of(to_string(purpose))] += 0;
  out.counter("spent_usd_total", "What paid calls have cost, by what they were for.");
  for (const auto& [purpose, usd] : spent_usd_) out.sample(usd, {{"purpose", purpose}});
}

bool HomeMetrics::count_traces() {
  const std::filesystem::path file = home_ / kTracesFile;
  const std::vector<dashboard::Stamp> stamps{stamp_of(file), stamp_of(file.string() + "-wal"),
                                             stamp_of(home_ / kConfigFile)};
  if (stamps == counted_) return true;
  const auto store = TraceStore::open(file);
  if (!store) return false;
  const auto settings = load_settings(view_);
  TraceFilter rated, liked;
  rated.rated_only = true;
  liked.min_feedback =
      settings ? settings->benchmark.synthesis_feedback_threshold : FeedbackBounds{}.liked_from;
  const auto all = (*store)->count();
  const auto with_rating = (*store)->count_matching(rated);
  const auto with_good_one = (*store)->count_matching(liked);
  if (!all || !with_rating || !with_good_one) return false;
  traces_ = {*all, *with_rating, *with_good_one};
  counted_ = stamps;
  return true;
}

void HomeMetrics::add_traces(Exposition& out) {
  readable_["traces"] = count_traces();
  if (!readable_["traces"]) return;
  out.gauge("traces", "Traces in the store.");
  out.sample(static_cast<double>(traces_.all));
  out.gauge("traces_rated", "Those with a rating.");
  out.sample(static_cast<double>(traces_.rated));
  out.gauge("traces_liked", "Those with a rating from the benchmark's threshold on.");
  out.sample(static_cast<double>(traces_.liked));
}

void HomeMetrics::add_queue(Exposition& out) const {
  std::vector<std::string> broken;
  out.gauge("review_queue", "Edits that wait for a person.");
  out.sample(static_cast<double>(ReviewQueue(home_).list(broken).size()));
}

}  // namespace jarvis
