#include "core/report/redaction.hpp"

#include <map>
#include <vector>

namespace jarvis {

namespace {

/** Changes texts in place. */
class Censor {
 public:
  explicit Censor(Privacy& privacy) : privacy_(privacy) {}

  void operator()(std::string& text) const {
    if (!text.empty()) text = privacy_.redact(text);
  }
  void operator()(std::vector<std::string>& texts) const {
    for (std::string& text : texts) (*this)(text);
  }
  template <class Value>
  void names(std::map<std::string, Value>& values) const {
    std::map<std::string, Value> safe;
    for (auto& [name, value] : values) safe.emplace(privacy_.redact(name), std::move(value));
    values = std::move(safe);
  }
  void object(json::object& object) const {
    object = std::move(privacy_.redact_document(object).as_object());
  }
  void diff(std::string& text) const { text = redacted_diff(text, privacy_); }

 private:
  Privacy& privacy_;
};

void censor(Cluster& cluster, const Censor& safe) {
  safe(cluster.id);
  safe(cluster.description);
  safe(cluster.skill_gap);
  safe(cluster.query_class);
  safe(cluster.sample_trace_ids);
  safe(cluster.task_ids);
  safe(cluster.drop_reason);
}

void censor(Edit& edit, const Censor& safe) {
  safe(edit.teacher_id);
  safe(edit.pillar);
  safe(edit.op);
  safe(edit.target);
  safe.object(edit.payload);
  safe(edit.rationale);
  safe(edit.expected_improvement);
  safe(edit.claimed_tier);
  safe(edit.references);
  safe(edit.refusal);
}

void censor(Verdict& verdict, const Censor& safe) {
  safe(verdict.reason);
  safe.names(verdict.cluster_deltas);
  for (TaskResult& task : verdict.tasks) {
    safe(task.task_id);
    safe(task.query_class);
  }
}

void censor(EditOutcome& outcome, const Censor& safe) {
  censor(outcome.edit, safe);
  if (outcome.verdict) censor(*outcome.verdict, safe);
  safe(outcome.error);
  safe(outcome.reject_reason);
  safe(outcome.harm);
  safe.diff(outcome.diff);
}

}  // namespace

Session redacted(Session session, Privacy& privacy) {
  const Censor safe(privacy);
  safe(session.trigger.kind);
  safe.object(session.trigger.metadata);
  safe(session.trigger.trace_ids);
  safe(session.sampled_task_ids);
  for (auto* snapshot : {&session.before, &session.after})
    if (*snapshot) safe.names((*snapshot)->cluster_scores);
  if (session.whole) safe(session.whole->missing_reason);
  for (Cluster& cluster : session.clusters) censor(cluster, safe);
  for (EditOutcome& outcome : session.outcomes) censor(outcome, safe);
  safe(session.error);
  safe(session.error_hint);
  safe(session.notices);
  return session;
}

// As one text first: most that goes over lines is found with what stands before each of them. Then
// the lines that follow each other on one side, without it.
std::string redacted_diff(const std::string& diff, Privacy& privacy) {
  const std::string whole = privacy.redact(diff);
  std::string safe, run;
  char side = 0;
  const auto close = [&] {
    if (side == 0) return;
    const std::string lines = privacy.redact(run);
    std::size_t begin = 0;
    for (std::size_t end; begin < lines.size(); begin = end + 1) {
      end = std::min(lines.find('\n', begin), lines.size());
      safe += side + lines.substr(begin, end - begin) + "\n";
    }
    run.clear();
    side = 0;
  };
  for (std::size_t begin = 0, end; begin < whole.size(); begin = end + 1) {
    end = std::min(whole.find('\n', begin), whole.size());
    const std::string line = whole.substr(begin, end - begin);
    const char mark = line.empty() ? 0 : line[0];
    const bool is_content = mark == '+' || mark == '-' || mark == ' ';
    if (mark != side) close();
    if (is_content) {
      side = mark;
      run += line.substr(1) + "\n";
    } else {
      close();
      safe += line + "\n";
    }
  }
  close();
  return safe;
}

json::object redacted_step(const json::object& step, Privacy& privacy) {
  json::object safe = std::move(privacy.redact_document(step).as_object());
  for (const char* own : {"at", "step", "state", "edit_id", "status", "verdict", "commit"})
    if (const json::value* value = step.if_contains(own); value && value->is_string())
      safe[own] = *value;
  return safe;
}

}  // namespace jarvis
