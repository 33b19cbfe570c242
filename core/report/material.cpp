#include "core/report/material.hpp"

#include <set>

#include "core/benchmark/store.hpp"
#include "core/home/paths.hpp"
#include "core/privacy/eligible_traces.hpp"
#include "core/report/redaction.hpp"

namespace jarvis {

namespace {

constexpr const char* kWithheld = "(private: not in this report)";

/** The tasks that a teacher may see. One that is not in the benchmark any longer is none of them:
 * nobody can say where it came from. */
std::set<std::string> tasks_that_may_leave(const ReportSource& source, const Session& session) {
  std::set<std::string> ids;
  if (session.benchmark_version.empty()) return ids;
  auto file =
      BenchmarkStore(source.home.root() / kBenchmarksFolder).load(session.benchmark_version);
  if (!file) return ids;
  const Eligibility eligibility(source.privacy.exclude_agents);
  for (const Task& task : eligibility.eligible(std::move(file->benchmark), source.traces).tasks)
    ids.insert(task.id);
  return ids;
}

void make_safe(ChangedTask& task, const std::set<std::string>& may_leave, Privacy& privacy) {
  if (may_leave.count(task.result.task_id) == 0) {
    task.question = kWithheld;
    task.baseline_output = kWithheld;
    task.candidate_output = kWithheld;
  }
  for (std::string* text : {&task.question, &task.baseline_output, &task.candidate_output,
                            &task.result.task_id, &task.result.query_class})
    *text = privacy.redact(*text);
}

}  // namespace

Result<PrivacyPolicy> report_privacy(const ReportSource& source) {
  auto secrets = secret_config_values(source.home);
  if (!secrets) return secrets.error();
  return PrivacyPolicy::make(
      {source.privacy.redact, source.privacy.extra_patterns, std::move(*secrets)}, source.home);
}

void ReportedTasks::add(const std::string& edit_id, std::vector<ChangedTask> tasks) {
  by_edit_[edit_id] = std::move(tasks);
}

std::vector<ChangedTask> ReportedTasks::changed_tasks(const EditOutcome& outcome) const {
  const auto found = by_edit_.find(outcome.edit.id);
  return found == by_edit_.end() ? std::vector<ChangedTask>() : found->second;
}

Result<ReportMaterial> gather_material(const ReportSource& source, const Session& session) {
  const auto policy = report_privacy(source);
  if (!policy) return policy.error();
  // Where the traces cannot be read nothing can be said of any.
  TraceFilter one;
  one.limit = 1;
  if (auto readable = source.traces.list(one); !readable) return readable.error();
  const auto own = policy->session();
  Privacy& privacy = own ? *own : no_privacy();
  ReportMaterial material;
  material.is_redacted = own != nullptr;
  material.session = redacted(session, privacy);
  if (!session.diagnosis_path.empty())
    if (const auto text = source.home.read(session.diagnosis_path))
      material.diagnosis = privacy.redact(*text);
  material.steps = dashboard::steps_of(source.home.root(), session.id);
  for (json::object& step : material.steps.lines) step = redacted_step(step, privacy);
  const VerdictEvidence evidence(source.home.root(), source.clock, session);
  const auto may_leave = tasks_that_may_leave(source, session);
  for (const EditOutcome& outcome : session.outcomes) {
    auto tasks = evidence.changed_tasks(outcome);
    for (ChangedTask& task : tasks) make_safe(task, may_leave, privacy);
    material.tasks.add(outcome.edit.id, std::move(tasks));
  }
  material.spending = spending_of(paid_calls(source.home.root(), session.id));
  for (SpendingLine& line : material.spending) line.model = privacy.redact(line.model);
  material.found = privacy.counts();
  material.written_at = iso8601(source.clock.now());
  material.version = source.version;
  return material;
}

std::string redaction_text(const ReportMaterial& material) {
  if (!material.is_redacted)
    return "Nothing is redacted: learning.distillation.privacy.redact is false.";
  std::string found;
  for (const auto& [rule, count] : material.found)
    found += (found.empty() ? "" : ", ") + std::to_string(count) + " " + rule;
  return found.empty() ? "Looked through for secrets and personal data; none was found."
                       : "Secrets and personal data are replaced: " + found + ".";
}

}  // namespace jarvis
