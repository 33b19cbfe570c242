#include "core/app/cli/documents.hpp"

#include "core/app/cli/output.hpp"
#include "core/ports/clock.hpp"
#include "core/session/record/outcome_json.hpp"
#include "core/session/record/session_json.hpp"

namespace jarvis {

namespace {

json::value snapshot_document(const std::optional<BenchmarkSnapshot>& snapshot) {
  if (!snapshot) return nullptr;
  return json::object{{"overall_score", snapshot->overall_score},
                      {"cluster_scores", scores_json(snapshot->cluster_scores)},
                      {"task_count", snapshot->task_count},
                      {"elapsed_seconds", snapshot->elapsed_seconds}};
}

json::value error_of(const Session& session) {
  if (session.error.empty()) return nullptr;
  return error_json(session.error_code, session.error, session.error_hint);
}

}  // namespace

json::object session_summary(const Session& session) {
  return {{"id", session.id},
          {"status", to_string(session.status)},
          {"trigger", session.trigger.kind},
          {"autonomy_mode", to_string(session.autonomy)},
          {"started_at", session.started_at},
          {"ended_at", text_or_null(session.ended_at)},
          {"teacher_cost_usd", session.teacher_cost_usd},
          {"cost_by_purpose", scores_json(session.cost_by_purpose)},
          {"redactions", json::value_from(session.redactions)},
          {"error", error_of(session)}};
}

std::string diagnosis_of(const HomeView& home, const Session& session) {
  if (session.diagnosis_path.empty()) return {};
  const auto text = home.read(session.diagnosis_path);
  return text ? *text : "";
}

json::object edit_document(const EditOutcome& outcome) {
  const Edit& edit = outcome.edit;
  const std::optional<Verdict>& verdict = outcome.verdict;
  json::object object{{"id", edit.id},
                      {"teacher_id", edit.teacher_id},
                      {"op", edit.op},
                      {"pillar", edit.pillar},
                      {"target", edit.target},
                      {"payload", edit.payload},
                      {"rationale", edit.rationale},
                      {"expected_improvement", edit.expected_improvement},
                      {"tier", to_string(edit.tier)},
                      {"status", to_string(outcome.status)},
                      {"verdict", nullptr},
                      {"verdict_reason", nullptr},
                      {"benchmark_delta", nullptr},
                      {"interval", nullptr},
                      {"cluster_deltas", json::object()},
                      {"confidence", nullptr},
                      {"looks", nullptr},
                      {"baseline_runs", nullptr},
                      {"candidate_runs", nullptr},
                      {"noise_floor", nullptr},
                      {"tasks", json::array()},
                      {"student_runs", outcome.cost.student_runs},
                      {"judgements", outcome.cost.judgements},
                      {"cost_usd", outcome.cost.usd},
                      {"delta_in_company", number_or_null(outcome.delta_in_company)},
                      {"error", text_or_null(outcome.error)},
                      {"reject_reason", text_or_null(outcome.reject_reason)},
                      {"harm", text_or_null(outcome.harm)},
                      {"commit", text_or_null(outcome.commit)},
                      {"revert_commit", text_or_null(outcome.revert_commit)},
                      {"diff", outcome.diff},
                      {"base", text_or_null(outcome.base)}};
  if (!verdict) return object;
  object["verdict"] = to_string(verdict->decision);
  object["verdict_reason"] = verdict->reason;
  object["benchmark_delta"] = number_or_null(verdict->benchmark_delta);
  object["cluster_deltas"] = scores_json(verdict->cluster_deltas);
  object["confidence"] = number_or_null(verdict->confidence);
  object["looks"] = verdict->looks;
  object["baseline_runs"] = verdict->baseline_runs;
  object["candidate_runs"] = verdict->candidate_runs;
  object["noise_floor"] = number_or_null(verdict->noise_floor);
  object["interval"] = interval_json(verdict->interval);
  for (const TaskResult& task : verdict->tasks) object["tasks"].as_array().push_back(to_json(task));
  return object;
}

json::object session_document(const Session& session, const std::string& diagnosis) {
  json::array clusters, edits;
  for (const Cluster& cluster : session.clusters) clusters.push_back(to_json(cluster));
  for (const EditOutcome& outcome : session.outcomes) edits.push_back(edit_document(outcome));
  json::object document{
      {"session", session_summary(session)},
      {"diagnosis", text_or_null(diagnosis)},
      {"plan",
       {{"path", text_or_null(session.plan_path)}, {"sha256", text_or_null(session.plan_sha256)}}},
      {"benchmark",
       {{"version", text_or_null(session.benchmark_version)},
        {"before", snapshot_document(session.before)},
        {"after", snapshot_document(session.after)},
        {"whole", session.whole ? json::value(to_json(*session.whole)) : json::value(nullptr)}}},
      {"clusters", std::move(clusters)},
      {"edits", std::move(edits)},
      {"git", {{"pre", text_or_null(session.git_pre)}, {"post", text_or_null(session.git_post)}}},
      {"notices", json::value_from(session.notices)}};
  if (!session.error.empty()) document["error"] = error_of(session);
  return document;
}

json::object queue_row(const QueuedEdit& queued) {
  return {{"edit_id", queued.edit.id},
          {"session_id", queued.session_id},
          {"op", queued.edit.op},
          {"target", queued.edit.target},
          {"tier", to_string(queued.edit.tier)},
          {"rationale", queued.edit.rationale},
          {"reason", queued.reason},
          {"diff", queued.diff}};
}

json::object rollback_document(const Rollback& rollback) {
  json::array reverted;
  for (const RolledBackEdit& edit : rollback.reverted)
    reverted.push_back(json::object{
        {"edit_id", edit.edit_id}, {"commit", edit.commit}, {"revert_commit", edit.revert_commit}});
  json::object document{{"session_id", rollback.session_id},
                        {"reverted", std::move(reverted)},
                        {"closed", json::value_from(rollback.closed)}};
  if (!rollback.manual.commit.empty()) document["manual_commit"] = rollback.manual.commit;
  return document;
}

json::object trace_document(const Trace& trace, bool with_steps) {
  json::object object{
      {"trace_id", trace.id},
      {"query", trace.query},
      {"agent", trace.agent},
      {"model", trace.model},
      {"engine", trace.engine},
      {"result", trace.result},
      {"outcome", trace.outcome ? json::value(*trace.outcome) : json::value(nullptr)},
      {"feedback", number_or_null(trace.feedback)},
      {"started_at", iso8601(trace.started_at)},
      {"ended_at", iso8601(trace.ended_at)},
      {"total_tokens", trace.total_tokens},
      {"total_latency_seconds", trace.total_latency_seconds},
      {"metadata", trace.metadata}};
  if (!with_steps) return object;
  json::array steps;
  for (const TraceStep& step : trace.steps)
    steps.push_back(json::object{{"step_index", step.index},
                                 {"step_type", step.type},
                                 {"timestamp", iso8601(step.timestamp)},
                                 {"duration_seconds", step.duration_seconds},
                                 {"input", step.input},
                                 {"output", step.output},
                                 {"metadata", step.metadata}});
  object["steps"] = std::move(steps);
  object["messages"] = trace.messages;
  return object;
}

}  // namespace jarvis
