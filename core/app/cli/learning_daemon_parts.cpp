#include "core/app/cli/learning_daemon_parts.hpp"

#include <spdlog/spdlog.h>

#include "core/app/session_start.hpp"
#include "core/app/watching.hpp"
#include "core/app/workshop.hpp"
#include "core/benchmark/store.hpp"
#include "core/daemon/error_line.hpp"
#include "core/home/live_home.hpp"
#include "core/home/paths.hpp"
#include "core/home/traces/trace_store.hpp"
#include "core/privacy/eligible_traces.hpp"

namespace jarvis {

namespace {

Result<Session> session_of(Application& application, const Firing& firing) {
  watch_first(application);
  auto workshop =
      Workshop::open(application, {"learning daemon (" + firing.name() + ")", std::nullopt, false});
  if (!workshop) return workshop.error();
  if (auto enough = (*workshop)->require_traces(); !enough) return enough.error();
  if (!firing.resume.empty()) {
    const auto interrupted = application.recorder().sessions().find(firing.resume);
    if (!interrupted) return interrupted.error();
    return go_on_with(**workshop, *interrupted);
  }
  const auto settings = application.settings();
  if (!settings) return settings.error();
  return start_session(**workshop, (*settings)->autonomy, firing.trigger, firing.refresh_first);
}

/** Deals with the falls that the last look saw. */
FiringOutcome watched(Application& application) {
  FiringOutcome outcome;
  outcome.kind = FiringOutcome::Kind::not_started;
  const auto deeds = act_on_falls(application, "learning daemon (watch)");
  if (!deeds) {
    outcome.error = deeds.error();
    return outcome;
  }
  outcome.kind = FiringOutcome::Kind::done;
  outcome.status = "nothing to say any more";
  if (deeds->empty()) return outcome;
  outcome.session_id = deeds->front().session_id;
  outcome.status = deeds->front().rolled_back ? "feedback fell, rolled back" : "feedback fell";
  return outcome;
}

}  // namespace

Result<TriggerRules> read_trigger_rules(const Application& application) {
  const auto settings = load_settings(application.home());
  if (!settings) return settings.error();
  return trigger_rules(*settings);
}

Result<Facts> look_at_home(const Application& application, const TriggerRules& rules,
                           const std::set<std::string>& fired) {
  const auto traces = TraceStore::open(application.home_path() / kTracesFile);
  if (!traces) return traces.error();
  const Eligibility eligibility(rules.exclude_agents);
  const auto benchmark = BenchmarkStore(application.home_path() / kBenchmarksFolder).newest();
  if (!benchmark) return benchmark.error();
  std::vector<BrokenSession> broken;
  const auto sessions = application.recorder().sessions().list(broken);
  auto facts =
      gather_facts(EligibleTraces(**traces, eligibility), sessions, *benchmark, rules, fired);
  if (!facts || !rules.watch_enabled) return facts;
  auto findings = look_at_edits(application, **traces, sessions);
  if (findings)
    facts->watched = std::move(*findings);
  else
    spdlog::warn("the watch cannot look at the applied edits: {}", findings.error().message);
  return facts;
}

FiringOutcome carry_out(Application& application, const Firing& firing) {
  if (firing.trigger.kind == "watch") return watched(application);
  FiringOutcome outcome;
  const auto session = session_of(application, firing);
  if (!session) {
    outcome.kind = session.error().kind == ErrorKind::cancelled ? FiringOutcome::Kind::stopped
                                                                : FiringOutcome::Kind::not_started;
    outcome.error = session.error();
    return outcome;
  }
  outcome.session_id = session->id;
  outcome.status = to_string(session->status);
  outcome.cost_usd = session->teacher_cost_usd;
  outcome.kind = FiringOutcome::Kind::done;
  if (session->status != SessionStatus::failed) return outcome;
  outcome.error = {error_kind_from(session->error_code), session->error, session->error_hint};
  outcome.kind = outcome.error.kind == ErrorKind::cancelled ? FiringOutcome::Kind::stopped
                                                            : FiringOutcome::Kind::failed;
  return outcome;
}

}  // namespace jarvis
