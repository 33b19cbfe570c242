#include "core/session/execute/repetition.hpp"

namespace jarvis {

namespace {

bool was_rejected_by_gate(const PastTrial& trial, const std::string& benchmark_version) {
  return trial.outcome.status == EditStatus::rejected_by_gate &&
         trial.benchmark_version == benchmark_version && trial.outcome.verdict &&
         trial.outcome.verdict->decision == Decision::reject;
}

/** The target is the teacher's own wording of what the payload says. */
bool is_same_edit(const Edit& one, const Edit& other) {
  return one.op == other.op && one.payload == other.payload;
}

}  // namespace

std::string repetition_of(const EditOutcome& outcome, const std::string& benchmark_version,
                          const std::vector<PastTrial>& past) {
  for (const PastTrial& trial : past) {
    const std::string name = "edit '" + trial.outcome.edit.id + "'";
    const bool same_change = trial.outcome.base == outcome.base &&
                             trial.outcome.candidate == outcome.candidate &&
                             !trial.outcome.candidate.empty();
    if (!trial.outcome.harm.empty() &&
        (same_change || is_same_edit(trial.outcome.edit, outcome.edit)))
      return "tried before: " + name + " was the same, and it did harm: " + trial.outcome.harm;
    if (!same_change) continue;
    if (trial.outcome.status == EditStatus::pending_review)
      return name + " is the same and waits for review";
    if (trial.outcome.status == EditStatus::rejected_by_user &&
        trial.outcome.reject_reason != kSessionRolledBack)
      return "tried before: " + name + " was the same, and you rejected it";
    if (was_rejected_by_gate(trial, benchmark_version))
      return "tried before: " + name + " was the same on the same files, and the gate rejected it";
  }
  return {};
}

}  // namespace jarvis
