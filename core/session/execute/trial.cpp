#include "core/session/execute/trial.hpp"

#include <algorithm>

#include "core/base/digest.hpp"
#include "core/base/json_text.hpp"
#include "core/session/execute/gate/leakage.hpp"

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
  return {ErrorKind::dirty, "Working tree dirty, cannot stage: " + list + " changed by hand",
          "commit or revert the manual changes first"};
}

Result<ArmScores> Trial::scores(const HomeView& home) {
  return evaluate(home, parts_.sample,
                  {parts_.student, parts_.judge, parts_.memory, parts_.concurrency,
                   &parts_.progress, parts_.cancelled});
}

Result<ArmScores> Trial::baseline() {
  if (!announced_)
    parts_.progress.step("measuring the present state on " + std::to_string(parts_.sample.size()) +
                         " tasks");
  announced_ = true;
  return scores(parts_.live);
}

Result<Verdict> Trial::measure(const StagedEdit& candidate, BenchmarkSnapshot& after) {
  const auto before = baseline();
  if (!before) return before.error();
  parts_.progress.step("measuring the candidate");
  const auto with_edit = scores(*candidate.stage);
  if (!with_edit) return with_edit.error();
  // The live home is one of the arms: what the user changed meanwhile was measured with it.
  const auto dirty = parts_.checkpoint.dirty_paths();
  if (!dirty) return dirty.error();
  if (!dirty->empty()) return working_tree_dirty(*dirty);
  after = snapshot_of(*with_edit, parts_.benchmark_version);
  return jarvis::decide(*before, *with_edit, parts_.rule);
}

Result<std::string> Trial::accept(const Edit& edit, const StagedEdit& candidate) {
  return parts_.checkpoint.accept(candidate.changes, apply_request(edit, parts_.session_id));
}

Result<void> Trial::decide(EditOutcome& outcome, const StagedEdit& candidate,
                           BenchmarkSnapshot& after) {
  BenchmarkSnapshot measured;
  auto verdict = measure(candidate, measured);
  if (!verdict && verdict.error().kind == ErrorKind::budget) {
    outcome.status = EditStatus::pending_review;
    outcome.error = "not gated: budget";
    return {};
  }
  if (!verdict) return verdict.error();
  outcome.verdict = std::move(*verdict);
  if (outcome.verdict->decision != Decision::accept) {
    outcome.status = EditStatus::rejected_by_gate;
    return {};
  }
  const auto commit = accept(outcome.edit, candidate);
  if (!commit) return commit.error();
  outcome.status = EditStatus::applied;
  outcome.commit = *commit;
  outcome.applied_at = iso8601(parts_.clock.now());
  after = measured;
  return {};
}

}  // namespace jarvis
