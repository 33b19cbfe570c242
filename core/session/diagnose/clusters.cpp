#include "core/session/diagnose/clusters.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace jarvis {

namespace {

constexpr std::size_t kMostClusters = 20;
constexpr std::size_t kMostTraceIds = 20;

std::vector<std::string> distinct(const std::vector<std::string>& ids) {
  std::set<std::string> seen;
  std::vector<std::string> kept;
  for (const std::string& id : ids)
    if (seen.insert(id).second) kept.push_back(id);
  return kept;
}

std::optional<double> mean(const std::vector<double>& numbers) {
  if (numbers.empty()) return std::nullopt;
  double sum = 0;
  for (const double number : numbers) sum += number;
  return sum / static_cast<double>(numbers.size());
}

/** An id that no cluster has yet. */
std::string free_id(const std::set<std::string>& ids) {
  for (std::size_t number = ids.size() + 1;; ++number)
    if (std::string id = "cluster-" + std::to_string(number); !ids.contains(id)) return id;
}

void drop(Cluster& cluster, const std::string& reason) {
  cluster.dropped = true;
  cluster.drop_reason = reason;
}

std::string percent(std::optional<double> rate) {
  if (!rate) return "not measured";
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", *rate * 100);
  return text;
}

/** ": " and why the first of its runs failed, where one did. */
std::string first_failure(const Cluster& cluster, const Evidence& evidence) {
  for (const std::string& id : cluster.task_ids)
    if (const std::string why = evidence.failed_run(id); !why.empty()) return ": " + why;
  return "";
}

}  // namespace

std::vector<Cluster> read_clusters(const json::array& array) {
  std::vector<Cluster> clusters;
  std::set<std::string> ids;
  for (const json::value& value : array) {
    if (!value.is_object() || clusters.size() == kMostClusters) continue;
    const json::object& object = value.as_object();
    Cluster cluster;
    cluster.id = sdk::optional_string(object, "id");
    if (cluster.id.empty() || ids.contains(cluster.id)) cluster.id = free_id(ids);
    ids.insert(cluster.id);
    cluster.description = sdk::optional_string(object, "description");
    cluster.skill_gap = sdk::optional_string(object, "skill_gap");
    cluster.sample_trace_ids =
        distinct(sdk::strings_of(sdk::optional_array(object, "sample_trace_ids")));
    cluster.task_ids = distinct(sdk::strings_of(sdk::optional_array(object, "task_ids")));
    cluster.claimed = {sdk::optional_number(object, "student_failure_rate"),
                       sdk::optional_number(object, "teacher_success_rate")};
    if (cluster.sample_trace_ids.size() > kMostTraceIds)
      cluster.sample_trace_ids.resize(kMostTraceIds);
    clusters.push_back(std::move(cluster));
  }
  return clusters;
}

void verify(Cluster& cluster, const Evidence& evidence, const DiagnosisServices& services) {
  std::vector<double> failures, successes;
  std::vector<std::string> known;
  std::map<std::string, int> classes;
  for (const std::string& id : cluster.task_ids) {
    const auto task = services.task(id);
    if (!task) continue;
    known.push_back(task->id);
  }
  cluster.task_ids = distinct(known);
  for (const std::string& id : cluster.task_ids) {
    if (const auto task = services.task(id)) ++classes[task->query_class];
    if (const auto share = evidence.success_share(Answerer::student, id))
      failures.push_back(1.0 - *share);
    if (const auto share = evidence.success_share(Answerer::teacher, id))
      successes.push_back(*share);
  }
  const auto most = std::max_element(
      classes.begin(), classes.end(),
      [](const auto& one, const auto& other) { return one.second < other.second; });
  if (most != classes.end()) cluster.query_class = most->first;
  cluster.student_failure_rate = mean(failures);
  cluster.teacher_success_rate = mean(successes);
  if (failures.empty())
    drop(cluster, "no task of it was run and compared" + first_failure(cluster, evidence));
  else if (*cluster.student_failure_rate == 0)
    drop(cluster, "not reproduced: the student succeeded on every compared task");
}

std::string diagnosis_document(const Diagnosis& diagnosis) {
  std::string text = diagnosis.narrative + "\n\n# Clusters, as measured\n";
  for (const Cluster& cluster : diagnosis.clusters) {
    text += "\n## " + cluster.id + ": " + cluster.description + "\n\n";
    text += "| | measured | claimed by the teacher |\n|---|---|---|\n";
    text += "| student fails | " + percent(cluster.student_failure_rate) + " | " +
            percent(cluster.claimed.student_failure_rate) + " |\n";
    text += "| teacher succeeds | " + percent(cluster.teacher_success_rate) + " | " +
            percent(cluster.claimed.teacher_success_rate) + " |\n\n";
    if (!cluster.query_class.empty()) text += "Query class: " + cluster.query_class + ". ";
    text += "Tasks: " + std::to_string(cluster.task_ids.size()) + ".";
    if (cluster.dropped) text += " **Dropped**: " + cluster.drop_reason + ".";
    text += "\n";
    if (!cluster.skill_gap.empty()) text += "\n" + cluster.skill_gap + "\n";
  }
  return text;
}

}  // namespace jarvis
