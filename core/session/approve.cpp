#include <algorithm>

#include "core/base/atomic_file.hpp"
#include "core/model/edit_json.hpp"
#include "core/session/record/step_log.hpp"
#include "core/session/rollback.hpp"
#include "core/session/session.hpp"

namespace jarvis {

namespace {

Error not_as_shown(const Edit& edit, const std::string& what) {
  return {ErrorKind::refused,
          "edit '" + edit.id + "' is not the edit that was shown: " + what + " was changed",
          "reject it, and run a new session"};
}

/** What is approved must be what was planned and shown: the frozen plan, the queue and the record
 * agree. */
Result<void> check_content(const SessionParts& parts, const Session& session,
                           const EditOutcome& outcome, const QueuedEdit& queued) {
  const auto text = read_file(parts.live.root() / session.plan_path);
  if (!text) return text.error();
  const auto plan = read_plan(*text, session.plan_sha256);
  if (!plan) return plan.error();
  const auto planned = std::find_if(plan->edits.begin(), plan->edits.end(),
                                    [&](const Edit& edit) { return edit.id == queued.edit.id; });
  if (planned == plan->edits.end())
    return Error{ErrorKind::refused,
                 "edit '" + queued.edit.id + "' is not in the plan of its session",
                 "reject it, and run a new session"};
  const json::object content = to_json(*planned);
  if (content != to_json(queued.edit)) return not_as_shown(queued.edit, "its queue file");
  if (content != to_json(outcome.edit)) return not_as_shown(queued.edit, "session.json");
  return {};
}

/** The faults that lie with the edit itself: it can never be tried. */
bool is_refusal(const Error& error) {
  return error.kind == ErrorKind::refused || error.kind == ErrorKind::invalid;
}

/** The scores before the first edit of a session that could not measure any by itself, or measured
 * on another version of the benchmark. */
Result<void> measure_before(Trial& trial, Session& session) {
  // Scores on another version's tasks cannot stand beside those of this one.
  if (session.before && session.benchmark_version == trial.parts().benchmark_version) return {};
  const auto scores = trial.baseline();
  if (!scores && scores.error().kind == ErrorKind::budget) return {};
  if (!scores) return scores.error();
  session.benchmark_version = trial.parts().benchmark_version;
  session.before = snapshot_of(*scores, session.benchmark_version);
  return {};
}

/** Leaves the outcome as it was when it fails. What a plugin or a library throws ends this trial
 * only. */
Result<void> try_edit(Trial& trial, EditOutcome& outcome, Session& session) try {
  EditOutcome tried = outcome;
  const auto candidate = trial.prepare(tried.edit);
  if (!candidate && is_refusal(candidate.error())) {
    outcome.status = EditStatus::skipped;
    outcome.error = candidate.error().message;
    return {};
  }
  if (!candidate) return candidate.error();
  if (auto measured = measure_before(trial, session); !measured) return measured;
  tried.diff = candidate->diff;
  tried.base = candidate->base;
  tried.candidate = candidate->candidate;
  tried.error.clear();
  BenchmarkSnapshot after;
  if (auto decided = trial.decide(tried, *candidate, 1, after); !decided) return decided;
  if (tried.status == EditStatus::applied) session.after = after;
  const bool undecided = tried.verdict && tried.verdict->decision == Decision::undecided;
  if (tried.status == EditStatus::rejected_by_gate && undecided) {
    tried.status = EditStatus::pending_review;
    tried.error = "undecided: " + tried.verdict->reason;
  }
  outcome = std::move(tried);
  return {};
} catch (const std::exception& error) {
  return Error{ErrorKind::internal, error.what(), ""};
}

/** What recovery needs to know before files change: this edit, to these bytes. */
Result<void> record_intent(const Recorder& recorder, const Session& session,
                           const EditOutcome& waiting, const EditOutcome& accepted) {
  Session intended = session;
  for (EditOutcome& outcome : intended.outcomes) {
    if (outcome.edit.id != accepted.edit.id) continue;
    outcome = accepted;
    outcome.status = waiting.status;
    outcome.error = waiting.error;
  }
  return recorder.record(intended);
}

void add_costs(Session& session, const Purse& purse) {
  session.teacher_cost_usd += purse.spent_usd();
  for (const auto& [purpose, usd] : purse.spent_by_purpose())
    session.cost_by_purpose[purpose] += usd;
  if (purse.unsettled_usd() > 0) session.cost_by_purpose["unsettled"] += purse.unsettled_usd();
}

}  // namespace

Result<EditOutcome> approve_edit(const SessionParts& parts, const QueuedEdit& queued) {
  if (!parts.benchmark)
    return Error{ErrorKind::not_ready, "Personal benchmark is empty: the edit stays in the queue",
                 "rate 10 or more answers with 0.7 or better"};
  auto session = parts.recorder.sessions().find(queued.session_id);
  if (!session) return session.error();
  const auto outcome = queued_outcome(*session, queued);
  if (!outcome) return outcome.error();
  if (auto checked = check_content(parts, *session, **outcome, queued); !checked)
    return checked.error();

  const auto files = parts.recorder.sessions().files(session->id);
  if (!files) return files.error();
  StepLog steps(**files, parts.progress, parts.clock, parts.purse);
  if (auto begun =
          steps.begin("edit", {{"edit_id", (*outcome)->edit.id}, {"op", (*outcome)->edit.op}});
      !begun)
    return begun.error();
  session->approving = queued.edit.id;
  if (auto recorded = parts.recorder.record(*session); !recorded) return recorded.error();
  parts.purse.allow(SpendingStep::execute);
  Trial trial({parts.live,
               parts.stager,
               parts.checkpoint,
               parts.catalogue,
               parts.differ,
               parts.student,
               parts.judge,
               parts.ledger,
               steps,
               parts.clock,
               session->id,
               parts.benchmark->version,
               draw_sample(*parts.benchmark, session->id, parts.sample),
               parts.rule,
               parts.concurrency,
               parts.cancelled,
               parts.benchmark->part(Part::held_out),
               parts.known_models,
               parts.past,
               parts.judge_identity,
               parts.student_identity,
               {},
               [&](const EditOutcome& accepted) {
                 auto intended = record_intent(parts.recorder, *session, **outcome, accepted);
                 if (!intended) return intended;
                 return steps.begin(
                     "apply", {{"edit_id", accepted.edit.id}, {"candidate", accepted.candidate}});
               },
               [&] { return parts.purse.spent_usd(); },
               parts.allowed_tools});
  const auto tried = try_edit(trial, **outcome, *session);
  add_costs(*session, parts.purse);
  session->approving.clear();
  if (const auto head = parts.checkpoint.head()) session->git_post = *head;
  session->notices.insert(session->notices.end(), parts.notices.begin(), parts.notices.end());
  settle_status(*session);
  if (auto recorded = parts.recorder.record(*session); !recorded) return recorded.error();
  if (!tried) return tried.error();
  if (auto ended = record_end(steps, **outcome); !ended) return ended.error();
  return **outcome;
}

}  // namespace jarvis
