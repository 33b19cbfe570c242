#include <algorithm>

#include "core/app/cli/commands.hpp"
#include "core/app/cli/learning_daemon_parts.hpp"
#include "core/app/cli/output.hpp"
#include "core/app/cli/when.hpp"
#include "core/app/watching.hpp"
#include "core/daemon/local_time.hpp"

namespace jarvis {

namespace {

/** All that is shown; works with and without a daemon, and with a broken config.toml. */
struct View {
  std::optional<pid_t> pid;
  DaemonState state;
  std::optional<TriggerRules> rules;
  std::string problem;  ///< why the triggers cannot be told
  std::optional<Facts> facts;
  Explanation explanation;
};

Result<View> view_of(const Application& application) {
  View view;
  const auto running = running_daemon(application.home_path());
  if (!running) return running.error();
  view.pid = *running;
  auto state = read_daemon_state(application.home_path());
  if (state)
    view.state = std::move(*state);
  else
    view.problem = state.error().message;
  auto rules = read_trigger_rules(application);
  if (!rules) {
    view.problem = rules.error().message;
    return view;
  }
  view.rules = std::move(*rules);
  auto facts = look_at_home(application, *view.rules, view.state.fired);
  if (!facts) {
    view.problem = facts.error().message;
    return view;
  }
  view.facts = std::move(*facts);
  const double now = wall_clock();
  view.explanation = Scheduler(*view.rules, view.state, now).explain(*view.facts, now);
  return view;
}

json::value time_or_null(std::optional<double> time) {
  return time && *time > 0 ? json::value(local_iso8601(*time)) : json::value(nullptr);
}

json::value outcome_document(const FiringOutcome& outcome) {
  if (outcome.kind == FiringOutcome::Kind::none) return nullptr;
  json::object document = to_json(outcome);
  document["started_at"] = time_or_null(outcome.started_at);
  document["ended_at"] = time_or_null(outcome.ended_at);
  if (outcome.error.message.empty()) document["error"] = nullptr;
  return document;
}

json::value trigger_document(bool enabled, const std::string& reason, const char* time_name,
                             std::optional<double> time) {
  return json::object{
      {"enabled", enabled}, {"reason", text_or_null(reason)}, {time_name, time_or_null(time)}};
}

json::object document_of(const View& view) {
  const bool works = view.pid && !view.state.working.empty();
  json::object document{
      {"running", view.pid.has_value()},
      {"pid", view.pid ? json::value(*view.pid) : json::value(nullptr)},
      {"working", works ? json::value({{"trigger", view.state.working},
                                       {"since", time_or_null(view.state.working_since)}})
                        : json::value(nullptr)},
      {"waits_for", text_or_null(view.problem.empty() ? view.explanation.waits_for : "")},
      {"problem", text_or_null(view.problem)},
      {"config_error", text_or_null(view.pid ? view.state.config_error : "")},
      {"look_error", text_or_null(view.pid ? view.state.look_error : "")},
      {"next_run", view.pid ? time_or_null(view.explanation.next_run) : json::value(nullptr)},
      {"hold_until", time_or_null(view.state.hold_until)},
      {"last_outcome", outcome_document(view.state.last)},
      {"checks", view.state.checks}};
  if (!view.facts) return document;
  const auto& triggers = view.rules->triggers;
  json::value scheduled =
      trigger_document(triggers.scheduled_enabled, view.explanation.scheduled, "next_run",
                       view.pid ? view.explanation.next_run : std::nullopt);
  scheduled.as_object()["cron"] = triggers.scheduled_cron;
  document["triggers"] = {
      {"scheduled", std::move(scheduled)},
      {"cluster", trigger_document(triggers.cluster_enabled, view.explanation.cluster, "next_check",
                                   view.pid ? view.explanation.next_check : std::nullopt)}};
  json::array watch;
  for (const WatchFinding& finding : view.facts->watched)
    watch.push_back(finding_document(finding));
  document["watch"] = std::move(watch);
  document["traces"] = {{"count", view.facts->traces},
                        {"needed", view.rules->min_traces},
                        {"new", view.facts->new_traces},
                        {"new_failures", view.facts->new_failures},
                        {"since", time_or_null(view.facts->since)}};
  return document;
}

std::string outcome_line(const FiringOutcome& outcome, double now) {
  if (outcome.kind == FiringOutcome::Kind::none) return "nothing was started yet";
  std::string line = moment(outcome.ended_at, now) + ", " + outcome.trigger + ": ";
  if (!outcome.session_id.empty())
    line += outcome.session_id + ", " + outcome.status + ", " + dollars(outcome.cost_usd);
  if (!outcome.error.message.empty())
    line += (outcome.session_id.empty() ? "" : ": ") + outcome.error.message;
  return line;
}

void print(const View& view, const Output& output) {
  const double now = wall_clock();
  const DaemonState& state = view.state;
  if (view.pid)
    output.line("daemon     runs, pid " + std::to_string(*view.pid));
  else
    output.line("daemon     does not run: 'jarvis learning daemon start'");
  if (view.pid && !state.config_error.empty())
    output.line("config     not taken over, the former settings stay: " + state.config_error);
  if (view.pid && !state.look_error.empty()) output.line("last look  failed: " + state.look_error);
  if (view.pid && !state.working.empty())
    output.line("works      " + state.working + ", since " + moment(state.working_since, now));
  if (!view.problem.empty()) {
    output.line("problem    " + view.problem);
  } else {
    if (view.pid) output.line("waits for  " + view.explanation.waits_for);
    const auto& [scheduled, cluster, next_run, next_check, waits_for] = view.explanation;
    output.line("scheduled  " + (scheduled.empty() ? "ready, " + view.rules->triggers.scheduled_cron
                                                   : "would do nothing: " + scheduled));
    output.line("cluster    " +
                (cluster.empty() ? "a group of failures is due" : "would do nothing: " + cluster));
    if (view.pid && next_run) output.line("next run   " + moment(*next_run, now));
    if (view.pid && next_check) output.line("next look  " + moment(*next_check, now));
    for (const WatchFinding& finding : view.facts->watched)
      output.line("watch      " + finding_text(finding));
  }
  output.line("last       " + outcome_line(state.last, now));
}

}  // namespace

Result<int> learning_daemon_status(Application& application, const Arguments&, Output& output) {
  const auto view = view_of(application);
  if (!view) return view.error();
  output.document(document_of(*view));
  print(*view, output);
  return 0;
}

}  // namespace jarvis
