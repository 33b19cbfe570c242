#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/model/past_trial.hpp"
#include "core/ports/applier_catalogue.hpp"
#include "core/ports/checkpoint.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/differ.hpp"
#include "core/session/execute/gate/error_share.hpp"
#include "core/session/execute/gate/evaluator.hpp"
#include "core/session/execute/gate/rule.hpp"
#include "core/session/execute/gate/snapshot.hpp"

namespace jarvis {

/** What a trial needs. All are borrowed. */
struct TrialParts {
  const HomeView& live;
  Stager& stager;
  Checkpoint& checkpoint;
  ApplierCatalogue& catalogue;
  const Differ& differ;
  Student& student;
  Judge& judge;
  EvaluationLedger& ledger;
  Progress& progress;
  const Clock& clock;
  const std::string& session_id;
  std::string benchmark_version;
  std::vector<Task> sample;  ///< the held-out tasks that decide; empty: there is no benchmark
  GateRule rule;
  int concurrency = 8;
  std::function<bool()> cancelled;
  std::vector<Task> held_out = {};  ///< no edit may give an answer to one of these away
  std::vector<std::string> known_models =
      {};                            ///< what the student's server offers; empty: it cannot say
  std::vector<PastTrial> past = {};  ///< edits of earlier sessions, newest first
  /** Who judges and who answers, as EvaluationParts has them. */
  std::string judge_identity = {};
  std::string student_identity = {};
  /** Told of each edit of a session before it is prepared; may be empty. */
  std::function<Result<void>(const Edit&)> about_to_try = {};
  /** Told of an edit that the gate accepted, before any file changes; may be empty. */
  std::function<Result<void>(const EditOutcome&)> about_to_accept = {};
  /** What the session has paid so far, USD; may be empty. */
  std::function<double()> spent_usd = {};
  std::vector<std::string> allowed_tools = {};  ///< see CallParts
};

/** A state of the home that was measured before, and how many of its runs are wanted of each task
 * of the sample. */
struct MeasuredState {
  std::string fingerprint;
  std::vector<int> runs;
};

/** An edit that was applied to a scratch copy of the home. */
struct StagedEdit {
  std::string base;       ///< fingerprint of the live home
  std::string candidate;  ///< fingerprint of the copy
  std::unique_ptr<HomeStage> stage;
  std::vector<FileChange> changes;
  std::string diff;
};

/** Tries edits on scratch copies and lets the gate decide; only accept() touches the live home. */
class Trial {
 public:
  explicit Trial(TrialParts parts);

  /** Applies an edit to a scratch copy: whatever would refuse it later refuses it here. */
  Result<StagedEdit> prepare(const Edit& edit);
  /** Scores of the live home; every finished run is remembered. */
  Result<ArmScores> baseline();
  /** Runs the student on the candidate and compares it with the live home, as often as the gate
   * wants to look. budget and cancelled are errors; what could not be measured is undecided.
   * `error_share` is what this trial may spend of the session's error. `cost` is added to. */
  Result<Verdict> measure(const StagedEdit& candidate, double error_share, BenchmarkSnapshot& after,
                          TrialCost& cost);
  /** The runs of states that were the present one at some time; the last is the live home, whose
   * missing runs are made. Of the others only what is recorded is there. Errors as of measure. */
  Result<std::vector<ArmRuns>> revisit(const std::vector<MeasuredState>& states);
  /** Commits the candidate's changes and puts the files in place. Gives the commit. */
  Result<std::string> accept(const Edit& edit, const StagedEdit& candidate);

  /** Measures and, on accept, applies: fills in the outcome's status, verdict and commit. An
   * outcome whose edit could not be paid for is pending_review; errors are those after which
   * nothing more is tried. `edits_left` of the session will be tried, this one included. */
  Result<void> decide(EditOutcome& outcome, const StagedEdit& candidate, int edits_left,
                      BenchmarkSnapshot& after);
  /** An edit that was tried before an interruption: its share of the error is spent. */
  void remember(const EditOutcome& outcome);

  const TrialParts& parts() const { return parts_; }

 private:
  /** A copy of the live home with this fingerprint: what the user changes while it is measured
   * changes nothing there. dirty when the live home is not that state any more. */
  Result<const HomeView*> present(const std::string& fingerprint);
  int first_attempt(const std::string& fingerprint) const;

  TrialParts parts_;
  Evaluator evaluator_;
  std::unique_ptr<HomeStage> present_;
  std::string present_fingerprint_;
  int copies_ = 0;
  std::vector<TriedEdit> tried_;
  std::set<std::string> won_;  ///< fingerprints of states that the gate accepted
  bool announced_ = false;     ///< the present state is measured once, and looked up from then on
};

/** The error for hand-made changes of tracked files; no paths: they are committed already. */
Error working_tree_dirty(const std::vector<std::string>& paths);

/** The message of an edit's commit, and of the one that reverts it. */
CommitRequest apply_request(const Edit& edit, const std::string& session_id);
CommitRequest revert_request(const Edit& edit, const std::string& session_id);

}  // namespace jarvis
