#include "core/session/execute/whole.hpp"

#include "core/session/execute/gate/paired.hpp"

namespace jarvis {

namespace {

/** The accepted edits, each tried on the state that the one before it made; empty otherwise. */
std::vector<EditOutcome*> accepted_chain(std::vector<EditOutcome>& outcomes) {
  std::vector<EditOutcome*> chain;
  for (EditOutcome& outcome : outcomes) {
    if (!outcome.reached || outcome.status != EditStatus::applied) continue;
    if (!outcome.verdict || (!chain.empty() && chain.back()->candidate != outcome.base)) return {};
    chain.push_back(&outcome);
  }
  return chain;
}

/** As many runs of each task as the first trial had of the state that it began with: more cannot
 * be compared with it. */
std::vector<int> runs_at_first(const EditOutcome& first, const std::vector<Task>& sample) {
  std::map<std::string, int> runs;
  for (const TaskResult& task : first.verdict->tasks) runs[task.task_id] = task.baseline_runs;
  std::vector<int> wanted;
  for (const Task& task : sample) wanted.push_back(runs[task.id]);
  return wanted;
}

ArmScores scores_of(const std::vector<Task>& sample, const ArmRuns& runs) {
  std::vector<WantedRuns> wanted;
  for (const auto& task : runs) wanted.push_back({static_cast<int>(task.size()), 0});
  return means_of(side_by_side(sample, runs, ArmRuns(sample.size())), wanted, Arm::baseline);
}

}  // namespace

Result<std::optional<WholeChange>> measure_whole(Trial& trial, std::vector<EditOutcome>& outcomes,
                                                 std::optional<BenchmarkSnapshot>& after) {
  const auto chain = accepted_chain(outcomes);
  if (chain.size() < 2) return std::optional<WholeChange>();
  const std::vector<Task>& sample = trial.parts().sample;
  const std::vector<int> wanted = runs_at_first(*chain.front(), sample);
  std::vector<MeasuredState> states{{chain.front()->base, wanted}};
  for (const EditOutcome* edit : chain) states.push_back({edit->candidate, wanted});
  trial.parts().progress.step("measuring the accepted edits together");
  const auto runs = trial.revisit(states);
  WholeChange whole;
  if (!runs && (runs.error().kind == ErrorKind::budget || runs.error().kind == ErrorKind::dirty)) {
    whole.missing_reason = "not measured: " + runs.error().message;
    return std::optional(whole);
  }
  if (!runs) return runs.error();
  std::vector<ArmScores> scores;
  for (const ArmRuns& state : *runs) scores.push_back(scores_of(sample, state));
  for (std::size_t i = 0; i < chain.size(); ++i)
    chain[i]->delta_in_company =
        measured_verdict(pair_up(scores[i], scores[i + 1])).benchmark_delta;
  const Paired paired = pair_up(scores.front(), scores.back());
  const Verdict together = measured_verdict(paired);
  whole.delta = together.benchmark_delta;
  whole.interval = together.interval;
  whole.task_count = static_cast<std::int64_t>(paired.all.size());
  if (!whole.delta) whole.missing_reason = "not measured: no task has a score in both states";
  if (whole.delta) after = snapshot_of(scores.back(), trial.parts().benchmark_version);
  return std::optional(whole);
}

}  // namespace jarvis
