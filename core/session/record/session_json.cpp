#include "core/session/record/session_json.hpp"

#include "core/session/record/outcome_json.hpp"

namespace jarvis {

namespace {

template <class Part>
json::value object_or_null(const std::optional<Part>& part) {
  return part ? json::value(to_json(*part)) : json::value(nullptr);
}

json::object counts_json(const std::map<std::string, std::size_t>& counts) {
  json::object object;
  for (const auto& [name, count] : counts) object[name] = count;
  return object;
}

Cluster cluster_from(const json::object& object) {
  Cluster cluster;
  cluster.id = sdk::optional_string(object, "id");
  cluster.description = sdk::optional_string(object, "description");
  cluster.skill_gap = sdk::optional_string(object, "skill_gap");
  cluster.query_class = sdk::optional_string(object, "query_class");
  cluster.sample_trace_ids = sdk::strings_of(sdk::optional_array(object, "sample_trace_ids"));
  cluster.task_ids = sdk::strings_of(sdk::optional_array(object, "task_ids"));
  cluster.student_failure_rate = sdk::optional_number(object, "student_failure_rate");
  cluster.teacher_success_rate = sdk::optional_number(object, "teacher_success_rate");
  const json::object claimed = sdk::optional_object(object, "claimed");
  cluster.claimed = {sdk::optional_number(claimed, "student_failure_rate"),
                     sdk::optional_number(claimed, "teacher_success_rate")};
  cluster.dropped = sdk::optional_bool(object, "dropped");
  cluster.drop_reason = sdk::optional_string(object, "drop_reason");
  return cluster;
}

std::optional<BenchmarkSnapshot> snapshot_from(const json::object& session, std::string_view key) {
  const json::object object = sdk::optional_object(session, key);
  if (object.empty()) return std::nullopt;
  BenchmarkSnapshot snapshot;
  snapshot.benchmark_version = sdk::optional_string(object, "benchmark_version");
  snapshot.overall_score = sdk::optional_number(object, "overall_score").value_or(0);
  snapshot.cluster_scores = scores_from(sdk::optional_object(object, "cluster_scores"));
  snapshot.task_count = sdk::optional_integer(object, "task_count");
  snapshot.elapsed_seconds = sdk::optional_number(object, "elapsed_seconds").value_or(0);
  return snapshot;
}

std::optional<WholeChange> whole_from(const json::object& object) {
  if (object.empty()) return std::nullopt;
  return WholeChange{sdk::optional_number(object, "delta"), interval_from(object),
                     sdk::optional_integer(object, "task_count"),
                     sdk::optional_string(object, "missing_reason")};
}

template <class Item, class Convert>
json::array list_json(const std::vector<Item>& items, Convert convert) {
  json::array array;
  for (const Item& item : items) array.push_back(convert(item));
  return array;
}

}  // namespace

json::object to_json(const BenchmarkSnapshot& snapshot) {
  return {{"benchmark_version", snapshot.benchmark_version},
          {"overall_score", snapshot.overall_score},
          {"cluster_scores", scores_json(snapshot.cluster_scores)},
          {"task_count", snapshot.task_count},
          {"elapsed_seconds", snapshot.elapsed_seconds}};
}

json::object to_json(const WholeChange& whole) {
  return {{"delta", number_or_null(whole.delta)},
          {"interval", interval_json(whole.interval)},
          {"task_count", whole.task_count},
          {"missing_reason", text_or_null(whole.missing_reason)}};
}

json::object to_json(const Cluster& cluster) {
  return {{"id", cluster.id},
          {"description", cluster.description},
          {"query_class", cluster.query_class},
          {"task_ids", json::value_from(cluster.task_ids)},
          {"sample_trace_ids", json::value_from(cluster.sample_trace_ids)},
          {"student_failure_rate", number_or_null(cluster.student_failure_rate)},
          {"teacher_success_rate", number_or_null(cluster.teacher_success_rate)},
          {"claimed",
           {{"student_failure_rate", number_or_null(cluster.claimed.student_failure_rate)},
            {"teacher_success_rate", number_or_null(cluster.claimed.teacher_success_rate)}}},
          {"skill_gap", cluster.skill_gap},
          {"dropped", cluster.dropped},
          {"drop_reason", text_or_null(cluster.drop_reason)}};
}

json::object to_json(const Session& session) {
  return {{"id", session.id},
          {"parent_session_id", text_or_null(session.parent_session_id)},
          {"trigger", session.trigger.kind},
          {"trigger_metadata", session.trigger.metadata},
          {"status", to_string(session.status)},
          {"autonomy_mode", to_string(session.autonomy)},
          {"started_at", session.started_at},
          {"ended_at", text_or_null(session.ended_at)},
          {"diagnosis_path", session.diagnosis_path},
          {"plan_path", session.plan_path},
          {"benchmark_before", object_or_null(session.before)},
          {"benchmark_after", object_or_null(session.after)},
          {"edit_outcomes",
           list_json(session.outcomes, [](const EditOutcome& o) { return to_json(o); })},
          {"git_checkpoint_pre", session.git_pre},
          {"git_checkpoint_post", text_or_null(session.git_post)},
          {"teacher_cost_usd", session.teacher_cost_usd},
          {"error", text_or_null(session.error)},
          {"error_code", text_or_null(session.error_code)},
          {"error_hint", text_or_null(session.error_hint)},
          {"cost_by_purpose", scores_json(session.cost_by_purpose)},
          {"benchmark_version", text_or_null(session.benchmark_version)},
          {"sampled_task_ids", json::value_from(session.sampled_task_ids)},
          {"clusters", list_json(session.clusters, [](const Cluster& c) { return to_json(c); })},
          {"plan_sha256", text_or_null(session.plan_sha256)},
          {"trigger_trace_ids", json::value_from(session.trigger.trace_ids)},
          {"redactions", counts_json(session.redactions)},
          {"whole", object_or_null(session.whole)},
          {"notices", json::value_from(session.notices)},
          {"approving", text_or_null(session.approving)}};
}

Session session_from_json(const json::object& object) {
  Session session;
  session.id = sdk::required_string(object, "id");
  session.parent_session_id = sdk::optional_string(object, "parent_session_id");
  session.trigger = {sdk::optional_string(object, "trigger", "on_demand"),
                     sdk::optional_object(object, "trigger_metadata"),
                     sdk::strings_of(sdk::optional_array(object, "trigger_trace_ids"))};
  const std::string status = sdk::required_string(object, "status");
  const auto known = session_status_from(status);
  if (!known) throw sdk::invalid("session status '" + status + "' is not known");
  session.status = *known;
  session.autonomy =
      autonomy_from(sdk::optional_string(object, "autonomy_mode")).value_or(Autonomy::tiered);
  session.started_at = sdk::optional_string(object, "started_at");
  session.ended_at = sdk::optional_string(object, "ended_at");
  session.diagnosis_path = sdk::optional_string(object, "diagnosis_path");
  session.plan_path = sdk::optional_string(object, "plan_path");
  session.plan_sha256 = sdk::optional_string(object, "plan_sha256");
  session.before = snapshot_from(object, "benchmark_before");
  session.after = snapshot_from(object, "benchmark_after");
  session.whole = whole_from(sdk::optional_object(object, "whole"));
  session.benchmark_version = sdk::optional_string(object, "benchmark_version");
  if (session.benchmark_version.empty() && session.before)
    session.benchmark_version = session.before->benchmark_version;
  session.sampled_task_ids = sdk::strings_of(sdk::optional_array(object, "sampled_task_ids"));
  for (const json::value& value : sdk::optional_array(object, "clusters"))
    if (value.is_object()) session.clusters.push_back(cluster_from(value.as_object()));
  for (const json::value& value : sdk::optional_array(object, "edit_outcomes"))
    if (value.is_object()) session.outcomes.push_back(outcome_from_json(value.as_object()));
  session.git_pre = sdk::optional_string(object, "git_checkpoint_pre");
  session.git_post = sdk::optional_string(object, "git_checkpoint_post");
  session.teacher_cost_usd = sdk::optional_number(object, "teacher_cost_usd").value_or(0);
  session.cost_by_purpose = scores_from(sdk::optional_object(object, "cost_by_purpose"));
  session.error = sdk::optional_string(object, "error");
  session.error_code = sdk::optional_string(object, "error_code");
  session.error_hint = sdk::optional_string(object, "error_hint");
  for (const auto& [rule, count] : sdk::optional_object(object, "redactions"))
    if (count.is_number()) session.redactions[std::string(rule)] = count.to_number<std::size_t>();
  session.notices = sdk::strings_of(sdk::optional_array(object, "notices"));
  session.approving = sdk::optional_string(object, "approving");
  return session;
}

}  // namespace jarvis
