#include "core/base/atomic_file.hpp"
#include "core/base/digest.hpp"
#include "core/model/edit_json.hpp"
#include "core/session/rollback.hpp"
#include "core/session/session.hpp"

#include <algorithm>

namespace jarvis {

namespace {

/** The outcome of the queued edit in its session. What is approved must be what was shown. */
Result<EditOutcome*> outcome_of(Session& session, const QueuedEdit& queued) {
  const auto found = std::find_if(session.outcomes.begin(), session.outcomes.end(), [&](const auto& outcome) {
    return outcome.edit.id == queued.edit.id;
  });
  if (found == session.outcomes.end())
    return Error{ErrorKind::not_found,
                 "edit '" + queued.edit.id + "' is not in the record of session '" + session.id + "'", ""};
  if (found->content_sha256 != sha256(json::serialize(to_json(queued.edit))))
    return Error{ErrorKind::refused,
                 "edit '" + queued.edit.id + "' is not the edit that was shown: its queue file was changed",
                 "reject it, and run a new session"};
  return &*found;
}

Result<void> check_plan(const SessionParts& parts, const Session& session) {
  const auto text = read_file(parts.live.root() / session.plan_path);
  if (!text) return text.error();
  const auto plan = read_plan(*text, session.plan_sha256);
  if (!plan) return plan.error();
  return {};
}

/** The faults that lie with the edit itself: it can never be tried. */
bool is_refusal(const Error& error) {
  return error.kind == ErrorKind::refused || error.kind == ErrorKind::invalid;
}

Result<void> try_edit(Trial& trial, EditOutcome& outcome, Session& session) {
  const auto candidate = trial.prepare(outcome.edit);
  if (!candidate && is_refusal(candidate.error())) {
    outcome.status = EditStatus::skipped;
    outcome.error = candidate.error().message;
    return {};
  }
  if (!candidate) return candidate.error();
  outcome.diff = candidate->diff;
  outcome.error.clear();
  BenchmarkSnapshot after;
  if (auto decided = trial.decide(outcome, *candidate, after); !decided) return decided;
  if (outcome.status == EditStatus::applied) session.after = after;
  const bool undecided = outcome.verdict && outcome.verdict->decision == Decision::undecided;
  if (outcome.status == EditStatus::rejected_by_gate && undecided) {
    outcome.status = EditStatus::pending_review;
    outcome.error = "undecided: " + outcome.verdict->reason;
  }
  return {};
}

void add_costs(Session& session, const Purse& purse) {
  session.teacher_cost_usd += purse.spent_usd();
  for (const auto& [purpose, usd] : purse.spent_by_purpose()) session.cost_by_purpose[purpose] += usd;
}

}  // namespace

Result<EditOutcome> approve_edit(const SessionParts& parts, const QueuedEdit& queued) {
  if (!parts.benchmark)
    return Error{ErrorKind::not_ready, "Personal benchmark is empty: the edit stays in the queue",
                 "rate 10 or more answers with 0.7 or better"};
  auto session = parts.recorder.sessions().find(queued.session_id);
  if (!session) return session.error();
  if (auto checked = check_plan(parts, *session); !checked) return checked.error();
  const auto outcome = outcome_of(*session, queued);
  if (!outcome) return outcome.error();

  parts.purse.allow(SpendingStep::execute);
  EvaluationMemory memory;
  Trial trial({parts.live, parts.stager, parts.checkpoint, parts.catalogue, parts.differ, parts.student,
               parts.judge, memory, parts.progress, parts.clock, session->id, parts.benchmark->version,
               draw_sample(*parts.benchmark, session->id, parts.sample), parts.rule, parts.concurrency,
               parts.cancelled});
  const auto tried = try_edit(trial, **outcome, *session);
  add_costs(*session, parts.purse);
  if (const auto head = parts.checkpoint.head()) session->git_post = *head;
  settle_status(*session);
  if (auto recorded = parts.recorder.record(*session); !recorded) return recorded.error();
  if (!tried) return tried.error();
  return **outcome;
}

}  // namespace jarvis
