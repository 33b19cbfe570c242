#pragma once

#include <string>

#include "core/model/session.hpp"

namespace jarvis::testing {

inline EditOutcome outcome_of(const std::string& id, EditStatus status) {
  EditOutcome outcome;
  outcome.edit.id = id;
  outcome.edit.teacher_id = "edit_001";
  outcome.edit.pillar = "agent";
  outcome.edit.op = "set_agent_param";
  outcome.edit.target = "agents.simple.skill";
  outcome.edit.payload = {
      {"agent", "simple"}, {"value", 0.30000000000000004}, {"text", "é\n\"x\""}};
  outcome.edit.rationale = "because";
  outcome.edit.expected_improvement = "a";
  outcome.edit.tier = Tier::automatic;
  outcome.edit.references = {"t1"};
  outcome.status = status;
  outcome.diff = "--- a\n+++ b\n";
  outcome.content_sha256 = "abc";
  return outcome;
}

/** A session in which no field has its default. */
inline Session full_session(const std::string& id = "session-20260601T030000_0a1b2c3d") {
  Session session;
  session.id = id;
  session.parent_session_id = "session-20260501T030000_00000000";
  session.trigger = {"user_flag", {{"trace_id", "t1"}}, {"t1", "t2"}};
  session.status = SessionStatus::awaiting_review;
  session.autonomy = Autonomy::manual;
  session.started_at = "2026-06-01T03:00:00Z";
  session.ended_at = "2026-06-01T03:05:00Z";
  session.diagnosis_path = "learning/sessions/" + id + "/diagnosis.md";
  session.plan_path = "learning/sessions/" + id + "/plan.json";
  session.plan_sha256 = "0123";
  session.benchmark_version = "personal_v1";
  session.before = BenchmarkSnapshot{"personal_v1", 0.5, {{"math", 0.25}, {"other", 1}}, 12, 3.5};
  session.after = BenchmarkSnapshot{"personal_v1", 0.75, {{"math", 0.5}}, 11, 4.5};
  session.sampled_task_ids = {"task-1", "task-2"};
  Cluster cluster;
  cluster.id = "a";
  cluster.description = "sums";
  cluster.skill_gap = "guesses";
  cluster.query_class = "math";
  cluster.sample_trace_ids = {"t1"};
  cluster.task_ids = {"p1"};
  cluster.student_failure_rate = 0.75;
  cluster.teacher_success_rate = 1;
  cluster.claimed = {0.99, 0.98};
  Cluster dropped;
  dropped.id = "b";
  dropped.dropped = true;
  dropped.drop_reason = "not reproduced";
  session.clusters = {cluster, dropped};
  EditOutcome applied = outcome_of("edit-0a1b2c3d-1", EditStatus::applied);
  applied.verdict =
      Verdict{Decision::accept, "improvement", 0.25, {{0.1, 0.4}}, {{"math", 0.25}}, 0.97};
  applied.commit = "c0ffee";
  applied.applied_at = "2026-06-01T03:04:00Z";
  EditOutcome queued = outcome_of("edit-0a1b2c3d-2", EditStatus::pending_review);
  queued.error = "review: waits for approve";
  queued.edit.tier = Tier::review;
  queued.edit.escalated = true;
  EditOutcome rejected = outcome_of("edit-0a1b2c3d-3", EditStatus::rejected_by_gate);
  rejected.verdict = Verdict{Decision::undecided, "too little", {}, {}, {}, {}};
  EditOutcome dropped_by_user = outcome_of("edit-0a1b2c3d-4", EditStatus::rejected_by_user);
  dropped_by_user.reject_reason = "do not want it";
  EditOutcome skipped = outcome_of("edit-0a1b2c3d-5", EditStatus::skipped);
  skipped.edit.refusal = "unknown op";
  skipped.error = "unknown op";
  session.outcomes = {applied, queued, rejected, dropped_by_user, skipped};
  session.git_pre = "aaa";
  session.git_post = "bbb";
  session.teacher_cost_usd = 0.125;
  session.cost_by_purpose = {{"diagnosis", 0.1}, {"judge", 0.025}};
  session.error_code = "dirty";
  session.error = "Working tree dirty";
  session.error_hint = "commit";
  session.notices = {"a notice"};
  return session;
}

}  // namespace jarvis::testing
