#include "core/session/execute/execute.hpp"

#include <algorithm>

#include "core/base/digest.hpp"
#include "core/model/edit_json.hpp"
#include "core/session/execute/repetition.hpp"
#include "core/session/execute/whole.hpp"

namespace jarvis {

namespace {

std::string reason_of(const Error& error) {
  return error.hint.empty() ? error.message : error.message + " (" + error.hint + ")";
}

std::string queue_reason(const Edit& edit, bool has_benchmark) {
  if (!has_benchmark) return "Personal benchmark is empty";
  if (edit.tier == Tier::manual) return "manual: only an explicit approve tries it";
  if (edit.escalated) return "review: it adds side effects";
  return "review: waits for approve";
}

/** Whether nothing more can be tried after this error: the fault lies with the home, not with the
 * edit. */
bool ends_the_phase(const Error& error) {
  return error.kind == ErrorKind::dirty || error.kind == ErrorKind::cancelled ||
         error.kind == ErrorKind::io;
}

class Executor {
 public:
  Executor(Autonomy autonomy, Trial& trial, Execution& execution)
      : autonomy_(autonomy), trial_(trial), execution_(execution) {}

  /** `edits_left` will be tried, this one included if it is one of them. */
  Result<void> handle(EditOutcome& outcome, int edits_left) {
    const Edit& edit = outcome.edit;
    if (!edit.refusal.empty()) return skip(outcome, edit.refusal);
    const auto candidate = trial_.prepare(edit);
    if (!candidate && ends_the_phase(candidate.error())) return candidate.error();
    if (!candidate) return skip(outcome, reason_of(candidate.error()));
    outcome.diff = candidate->diff;
    outcome.content_sha256 = sha256(json::serialize(to_json(edit)));
    outcome.base = candidate->base;
    outcome.candidate = candidate->candidate;
    const TrialParts& parts = trial_.parts();
    if (const auto same = repetition_of(outcome, parts.benchmark_version, parts.past);
        !same.empty())
      return skip(outcome, same);
    const bool has_benchmark = !trial_.parts().sample.empty();
    if (!is_tried_unasked(edit, autonomy_) || !has_benchmark) {
      outcome.status = EditStatus::pending_review;
      outcome.error = queue_reason(edit, has_benchmark);
      return {};
    }
    if (auto measured = measure_before(); !measured && measured.error().kind != ErrorKind::budget)
      return measured;
    BenchmarkSnapshot after;
    if (auto decided = trial_.decide(outcome, *candidate, edits_left, after); !decided)
      return decided;
    if (outcome.status == EditStatus::applied) execution_.after = after;
    return {};
  }

 private:
  Result<void> skip(EditOutcome& outcome, const std::string& reason) {
    outcome.status = EditStatus::skipped;
    outcome.error = reason;
    return {};
  }

  Result<void> measure_before() {
    if (execution_.before) return {};
    const auto scores = trial_.baseline();
    if (!scores) return scores.error();
    execution_.before = snapshot_of(*scores, trial_.parts().benchmark_version);
    return {};
  }

  Autonomy autonomy_;
  Trial& trial_;
  Execution& execution_;
};

}  // namespace

EditOutcome not_reached(const Edit& edit) {
  EditOutcome outcome;
  outcome.edit = edit;
  outcome.reached = false;
  outcome.error = "not reached";
  return outcome;
}

bool is_tried_unasked(const Edit& edit, Autonomy autonomy) {
  if (autonomy == Autonomy::manual || edit.tier == Tier::manual) return false;
  if (edit.tier == Tier::automatic) return true;
  return autonomy == Autonomy::automatic && !edit.escalated;
}

Result<void> execute(const Plan& plan, Autonomy autonomy, Trial& trial, Execution& execution,
                     const std::function<Result<void>(const EditOutcome&)>& decided) {
  const bool begins = execution.outcomes.empty();
  for (const Edit& edit : plan.edits)
    if (begins) execution.outcomes.push_back(not_reached(edit));
  Executor executor(autonomy, trial, execution);
  for (EditOutcome& outcome : execution.outcomes) {
    if (outcome.reached) {
      trial.remember(outcome);
      continue;
    }
    trial.parts().progress.step("edit " + outcome.edit.id + ": " + outcome.edit.op);
    if (const auto& told = trial.parts().about_to_try)
      if (auto recorded = told(outcome.edit); !recorded) return recorded;
    EditOutcome reached;
    reached.edit = outcome.edit;
    const auto left = std::count_if(execution.outcomes.begin(), execution.outcomes.end(),
                                    [&](const EditOutcome& other) {
                                      return !other.reached && other.edit.refusal.empty() &&
                                             is_tried_unasked(other.edit, autonomy);
                                    });
    const auto handled = executor.handle(reached, static_cast<int>(left));
    outcome = std::move(reached);
    if (!handled) {
      outcome.status = EditStatus::skipped;
      outcome.reached = false;
      outcome.error = handled.error().message;
      return handled;
    }
    if (auto recorded = decided(outcome); !recorded) return recorded;
  }
  auto whole = measure_whole(trial, execution.outcomes, execution.after);
  if (!whole) return whole.error();
  execution.whole = *std::move(whole);
  return {};
}

}  // namespace jarvis
