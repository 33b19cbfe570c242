#include "core/session/record/outcome_json.hpp"

#include <limits>

#include "core/model/edit_json.hpp"

namespace jarvis {

namespace {

int count_or_zero(const json::object& object, std::string_view key) {
  const double number = sdk::optional_number(object, key).value_or(0);
  return number > 0 && number < std::numeric_limits<int>::max() ? static_cast<int>(number) : 0;
}

TaskResult task_from(const json::object& object) {
  return {sdk::optional_string(object, "task_id"),  sdk::optional_string(object, "query_class"),
          sdk::optional_number(object, "baseline"), sdk::optional_number(object, "candidate"),
          count_or_zero(object, "baseline_runs"),   count_or_zero(object, "candidate_runs")};
}

/** What the gate must have said of an edit that OpenJarvis recorded with scores but without a
 * verdict. */
Decision decision_behind(EditStatus status) {
  switch (status) {
    case EditStatus::applied:
    case EditStatus::rolled_back:
      return Decision::accept;
    case EditStatus::rejected_by_gate:
      return Decision::reject;
    default:
      return Decision::undecided;
  }
}

std::optional<Verdict> verdict_from(const json::object& object, EditStatus status) {
  const auto decision = decision_from(sdk::optional_string(object, "verdict"));
  const bool measured = sdk::optional_number(object, "benchmark_delta").has_value();
  if (!decision && !measured) return std::nullopt;
  Verdict verdict;
  verdict.decision = decision.value_or(decision_behind(status));
  verdict.reason = sdk::optional_string(object, "verdict_reason");
  verdict.benchmark_delta = sdk::optional_number(object, "benchmark_delta");
  verdict.cluster_deltas = scores_from(sdk::optional_object(object, "cluster_deltas"));
  verdict.confidence = sdk::optional_number(object, "confidence");
  verdict.interval = interval_from(object);
  verdict.looks = count_or_zero(object, "looks");
  verdict.baseline_runs = count_or_zero(object, "baseline_runs");
  verdict.candidate_runs = count_or_zero(object, "candidate_runs");
  verdict.noise_floor = sdk::optional_number(object, "noise_floor");
  for (const json::value& value : sdk::optional_array(object, "tasks"))
    if (value.is_object()) verdict.tasks.push_back(task_from(value.as_object()));
  return verdict;
}

}  // namespace

json::object scores_json(const std::map<std::string, double>& scores) {
  json::object object;
  for (const auto& [name, score] : scores) object[name] = score;
  return object;
}

std::map<std::string, double> scores_from(const json::object& object) {
  std::map<std::string, double> scores;
  for (const auto& [name, value] : object)
    if (value.is_number()) scores[std::string(name)] = value.to_number<double>();
  return scores;
}

json::value interval_json(const std::optional<std::array<double, 2>>& interval) {
  return interval ? json::value(json::array{(*interval)[0], (*interval)[1]}) : json::value(nullptr);
}

std::optional<std::array<double, 2>> interval_from(const json::object& object) {
  const json::array interval = sdk::optional_array(object, "interval");
  if (interval.size() != 2 || !interval[0].is_number() || !interval[1].is_number())
    return std::nullopt;
  return std::array<double, 2>{interval[0].to_number<double>(), interval[1].to_number<double>()};
}

json::object to_json(const TaskResult& task) {
  return {{"task_id", task.task_id},
          {"query_class", task.query_class},
          {"baseline", number_or_null(task.baseline)},
          {"candidate", number_or_null(task.candidate)},
          {"baseline_runs", task.baseline_runs},
          {"candidate_runs", task.candidate_runs}};
}

json::object to_json(const EditOutcome& outcome) {
  const std::optional<Verdict>& verdict = outcome.verdict;
  json::object object{
      {"edit_id", outcome.edit.id},
      {"status", to_string(outcome.status)},
      {"benchmark_delta",
       verdict ? number_or_null(verdict->benchmark_delta) : json::value(nullptr)},
      {"cluster_deltas", verdict ? scores_json(verdict->cluster_deltas) : json::object()},
      {"error", text_or_null(outcome.error)},
      {"applied_at", text_or_null(outcome.applied_at)},
      {"edit", to_json(outcome.edit)},
      {"reached", outcome.reached},
      {"verdict", nullptr},
      {"verdict_reason", nullptr},
      {"interval", nullptr},
      {"confidence", nullptr},
      {"reject_reason", text_or_null(outcome.reject_reason)},
      {"commit", text_or_null(outcome.commit)},
      {"revert_commit", text_or_null(outcome.revert_commit)},
      {"diff", outcome.diff},
      {"content_sha256", outcome.content_sha256},
      {"base", outcome.base},
      {"candidate", outcome.candidate},
      {"error_share", outcome.error_share},
      {"looks", nullptr},
      {"baseline_runs", nullptr},
      {"candidate_runs", nullptr},
      {"noise_floor", nullptr},
      {"tasks", json::array()},
      {"student_runs", outcome.cost.student_runs},
      {"judgements", outcome.cost.judgements},
      {"cost_usd", outcome.cost.usd},
      {"delta_in_company", number_or_null(outcome.delta_in_company)}};
  if (!outcome.harm.empty()) object["harm"] = outcome.harm;
  if (!verdict) return object;
  object["verdict"] = to_string(verdict->decision);
  object["verdict_reason"] = verdict->reason;
  object["confidence"] = number_or_null(verdict->confidence);
  object["interval"] = interval_json(verdict->interval);
  object["looks"] = verdict->looks;
  object["baseline_runs"] = verdict->baseline_runs;
  object["candidate_runs"] = verdict->candidate_runs;
  object["noise_floor"] = number_or_null(verdict->noise_floor);
  for (const TaskResult& task : verdict->tasks) object["tasks"].as_array().push_back(to_json(task));
  return object;
}

EditOutcome outcome_from_json(const json::object& object) {
  EditOutcome outcome;
  const json::object edit = sdk::optional_object(object, "edit");
  if (edit.empty())
    outcome.edit.id = sdk::required_string(object, "edit_id");
  else
    outcome.edit = edit_from_json(edit);
  outcome.reached = sdk::optional_bool(object, "reached", true);
  const std::string status = sdk::required_string(object, "status");
  const auto known = edit_status_from(status);
  if (!known) throw sdk::invalid("edit status '" + status + "' is not known");
  outcome.status = *known;
  outcome.verdict = verdict_from(object, outcome.status);
  outcome.error = sdk::optional_string(object, "error");
  outcome.applied_at = sdk::optional_string(object, "applied_at");
  outcome.reject_reason = sdk::optional_string(object, "reject_reason");
  outcome.commit = sdk::optional_string(object, "commit");
  outcome.revert_commit = sdk::optional_string(object, "revert_commit");
  outcome.diff = sdk::optional_string(object, "diff");
  outcome.content_sha256 = sdk::optional_string(object, "content_sha256");
  outcome.base = sdk::optional_string(object, "base");
  outcome.candidate = sdk::optional_string(object, "candidate");
  outcome.error_share = sdk::optional_number(object, "error_share").value_or(0);
  outcome.cost = {count_or_zero(object, "student_runs"), count_or_zero(object, "judgements"),
                  sdk::optional_number(object, "cost_usd").value_or(0)};
  outcome.delta_in_company = sdk::optional_number(object, "delta_in_company");
  outcome.harm = sdk::optional_string(object, "harm");
  return outcome;
}

}  // namespace jarvis
