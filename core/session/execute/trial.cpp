#include "core/session/execute/trial.hpp"

#include <algorithm>

#include "core/base/digest.hpp"
#include "core/base/json_text.hpp"
#include "core/session/execute/gate/leakage.hpp"
#include "core/session/execute/gate/sequential.hpp"
#include "core/session/execute/gate/spending.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kMostModelsNamed = 10;

std::string subject_of(const Edit& edit) {
  std::string what = edit.op;
  for (const std::string_view key : {"query_class", "agent", "model", "param", "tool_name"})
    if (const std::string text = sdk::optional_string(edit.payload, key); !text.empty())
      what += " " + text;
  return what;
}

std::vector<std::pair<std::string, std::string>> trailers_of(const Edit& edit,
                                                             const std::string& session_id) {
  return {{"Edit-ID", edit.id},
          {"Session-ID", session_id},
          {"Risk-Tier", std::string(to_string(edit.tier))}};
}

/** Whether the student's server offers the model that the payload names; Ollama adds ":latest"
 * itself. */
Result<void> check_model(const Edit& edit, const std::vector<std::string>& known) {
  const std::string model = sdk::optional_string(edit.payload, "model");
  if (model.empty() || known.empty()) return {};
  const auto offers = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  if (offers(model) || offers(model + ":latest")) return {};
  std::string list;
  for (std::size_t i = 0; i < known.size() && i < kMostModelsNamed; ++i)
    list += (i == 0 ? "" : ", ") + known[i];
  if (known.size() > kMostModelsNamed) list += ", …";
  return Error{
      ErrorKind::unavailable,
      "field 'payload.model' names '" + model + "', which the student's server does not offer",
      "it offers: " + list};
}

}  // namespace

CommitRequest apply_request(const Edit& edit, const std::string& session_id) {
  return {"learning: " + subject_of(edit), edit.rationale, trailers_of(edit, session_id)};
}

CommitRequest revert_request(const Edit& edit, const std::string& session_id) {
  return {"learning: roll back " + subject_of(edit), "", trailers_of(edit, session_id)};
}

Result<StagedEdit> Trial::prepare(const Edit& edit) {
  const auto dirty = parts_.checkpoint.dirty_paths();
  if (!dirty) return dirty.error();
  if (!dirty->empty()) return working_tree_dirty(*dirty);
  if (auto known = check_model(edit, parts_.known_models); !known) return known.error();
  auto stage = parts_.stager.stage(parts_.live, edit.id);
  if (!stage) return stage.error();
  StagedEdit candidate;
  candidate.stage = std::move(*stage);
  const auto applied = parts_.catalogue.apply(edit, *candidate.stage);
  if (!applied) return applied.error();
  auto changes = candidate.stage->changes();
  if (!changes) return changes.error();
  candidate.changes = std::move(*changes);
  if (const std::string file = leaking_file(candidate.changes, parts_.held_out); !file.empty())
    return Error{ErrorKind::refused,
                 "contains benchmark answers: '" + file + "' would give one away", ""};
  auto diff = parts_.differ.diff(candidate.changes);
  if (!diff) return diff.error();
  candidate.diff = std::move(*diff);
  const auto base = fingerprint_of(parts_.live);
  if (!base) return base.error();
  candidate.base = *base;
  const auto changed = fingerprint_of(*candidate.stage);
  if (!changed) return changed.error();
  candidate.candidate = *changed;
  return candidate;
}

Error working_tree_dirty(const std::vector<std::string>& paths) {
  std::string list;
  for (const std::string& path : paths) list += (list.empty() ? "" : ", ") + path;
  if (list.empty()) list = "files";
  return {ErrorKind::dirty, "Working tree dirty, cannot stage: " + list + " changed by hand",
          "commit or revert the manual changes first"};
}

Trial::Trial(TrialParts parts)
    : parts_(std::move(parts)),
      evaluator_({parts_.student, parts_.judge, parts_.ledger, parts_.concurrency, &parts_.progress,
                  parts_.cancelled, parts_.session_id, parts_.student_identity,
                  parts_.judge_identity, parts_.allowed_tools}) {
  for (const PastTrial& trial : parts_.past)
    if (trial.outcome.status == EditStatus::applied) won_.insert(trial.outcome.candidate);
}

Result<const HomeView*> Trial::present(const std::string& fingerprint) {
  if (present_ && present_fingerprint_ == fingerprint)
    return static_cast<const HomeView*>(present_.get());
  present_.reset();
  auto copy = parts_.stager.stage(parts_.live, "present-" + std::to_string(++copies_));
  if (!copy) return copy.error();
  const auto copied = fingerprint_of(**copy);
  if (!copied) return copied.error();
  if (*copied != fingerprint) {
    const auto dirty = parts_.checkpoint.dirty_paths();
    return dirty ? working_tree_dirty(*dirty) : dirty.error();
  }
  present_ = std::move(*copy);
  present_fingerprint_ = fingerprint;
  return static_cast<const HomeView*>(present_.get());
}

// The runs that made a state win were lucky ones more often than not: as the present state it is
// measured anew.
int Trial::first_attempt(const std::string& fingerprint) const {
  return won_.contains(fingerprint) ? kLooks.back().candidate : 0;
}

Result<ArmScores> Trial::baseline() {
  if (!announced_)
    parts_.progress.step("measuring the present state on " + std::to_string(parts_.sample.size()) +
                         " tasks");
  announced_ = true;
  const auto fingerprint = fingerprint_of(parts_.live);
  if (!fingerprint) return fingerprint.error();
  const auto copy = present(*fingerprint);
  if (!copy) return copy.error();
  return evaluator_.measure_once(**copy, *fingerprint, first_attempt(*fingerprint), parts_.sample);
}

Result<Verdict> Trial::measure(const StagedEdit& candidate, double error_share,
                               BenchmarkSnapshot& after, TrialCost& cost) {
  const auto copy = present(candidate.base);
  if (!copy) return copy.error();
  const std::size_t count = parts_.sample.size();
  std::vector<TaskRuns> runs = side_by_side(parts_.sample, ArmRuns(count), ArmRuns(count));
  std::vector<WantedRuns> wanted;
  double elapsed = 0;
  for (;;) {
    Look look = next_look(runs, parts_.rule, error_share);
    if (look.verdict) {
      // What the user changed meanwhile is not what was measured.
      const auto dirty = parts_.checkpoint.dirty_paths();
      if (!dirty) return dirty.error();
      if (!dirty->empty()) return working_tree_dirty(*dirty);
      ArmScores scores = means_of(runs, wanted, Arm::candidate);
      scores.elapsed_seconds = elapsed;
      after = snapshot_of(scores, parts_.benchmark_version);
      look.verdict->tasks = task_results(runs, wanted);
      return *std::move(look.verdict);
    }
    wanted = std::move(look.wanted);
    std::vector<int> before_runs, after_runs;
    for (const WantedRuns& task : wanted) {
      before_runs.push_back(task.baseline);
      after_runs.push_back(task.candidate);
    }
    parts_.progress.step("measuring the candidate");
    const auto evaluation = evaluator_.evaluate(
        {{*copy, candidate.base, std::move(before_runs), first_attempt(candidate.base)},
         {candidate.stage.get(), candidate.candidate, std::move(after_runs)}},
        parts_.sample);
    if (!evaluation) return evaluation.error();
    elapsed += evaluation->elapsed_seconds;
    cost.student_runs += evaluation->student_calls;
    cost.judgements += evaluation->judge_calls;
    runs = side_by_side(parts_.sample, evaluation->arms[0], evaluation->arms[1]);
  }
}

Result<std::vector<ArmRuns>> Trial::revisit(const std::vector<MeasuredState>& states) {
  std::vector<ArmRequest> arms;
  for (const MeasuredState& state : states)
    arms.push_back({nullptr, state.fingerprint, state.runs, first_attempt(state.fingerprint)});
  const auto copy = present(states.back().fingerprint);
  if (!copy) return copy.error();
  arms.back().home = *copy;
  auto evaluation = evaluator_.evaluate(arms, parts_.sample);
  if (!evaluation) return evaluation.error();
  return std::move(evaluation->arms);
}

void Trial::remember(const EditOutcome& outcome) {
  if (outcome.error_share <= 0) return;
  const bool accepted = outcome.status == EditStatus::applied;
  tried_.push_back({outcome.base + outcome.candidate, outcome.error_share, accepted});
  if (accepted) won_.insert(outcome.candidate);
}

Result<std::string> Trial::accept(const Edit& edit, const StagedEdit& candidate) {
  return parts_.checkpoint.accept(candidate.changes, apply_request(edit, parts_.session_id));
}

Result<void> Trial::decide(EditOutcome& outcome, const StagedEdit& candidate, int edits_left,
                           BenchmarkSnapshot& after) {
  BenchmarkSnapshot measured;
  outcome.error_share = error_share(1 - parts_.rule.noise_confidence, tried_,
                                    candidate.base + candidate.candidate, edits_left);
  const double paid_before = parts_.spent_usd ? parts_.spent_usd() : 0;
  auto verdict = measure(candidate, outcome.error_share, measured, outcome.cost);
  if (parts_.spent_usd) outcome.cost.usd += parts_.spent_usd() - paid_before;
  if (!verdict && verdict.error().kind == ErrorKind::budget) {
    outcome.status = EditStatus::pending_review;
    outcome.error = "not gated: budget";
    return {};
  }
  if (!verdict) return verdict.error();
  outcome.verdict = std::move(*verdict);
  if (outcome.verdict->decision != Decision::accept) {
    outcome.status = EditStatus::rejected_by_gate;
    remember(outcome);
    return {};
  }
  if (parts_.about_to_accept)
    if (auto told = parts_.about_to_accept(outcome); !told) return told;
  const auto commit = accept(outcome.edit, candidate);
  if (!commit) return commit.error();
  outcome.status = EditStatus::applied;
  outcome.commit = *commit;
  outcome.applied_at = iso8601(parts_.clock.now());
  remember(outcome);
  after = measured;
  return {};
}

}  // namespace jarvis
