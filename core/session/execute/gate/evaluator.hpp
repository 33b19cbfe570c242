#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/turns.hpp"
#include "core/model/result.hpp"
#include "core/model/score.hpp"
#include "core/model/task.hpp"
#include "core/ports/evaluation_ledger.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/student.hpp"
#include "core/session/execute/gate/runs.hpp"

namespace jarvis {

/** Who measures. All are borrowed; `progress` may be null, `cancelled` empty. */
struct EvaluationParts {
  Student& student;
  Judge& judge;
  EvaluationLedger& ledger;
  int concurrency = 8;
  Progress* progress = nullptr;
  std::function<bool()> cancelled = {};
  std::string session_id = {};        ///< who is said to have made the calls
  std::string student_identity = {};  ///< see CallParts
  std::string judge_identity = {};
  std::vector<std::string> allowed_tools = {};
};

/** One state of the home that is to be measured. */
struct ArmRequest {
  /** Borrowed. Null: the state's files are gone, and only what the ledger holds counts; any other
   * run of it is missing as "not measured". */
  const HomeView* home;
  std::string fingerprint;    ///< see fingerprint_of
  std::vector<int> attempts;  ///< how many runs each task shall have, in the order of the tasks
  /** The number of the first of them. Runs with other numbers are not looked at: an accepted state
   * gets fresh ones, beside those that won. */
  int first_attempt = 0;
};

/** One run: the judge's score, or why there is none. */
struct RunScore {
  std::optional<double> score;
  std::string missing_reason;
};

/** The runs of one arm, by task and attempt. */
using ArmRuns = std::vector<std::vector<RunScore>>;

struct Evaluation {
  std::vector<ArmRuns> arms;  ///< in the order of the requests
  int student_calls = 0;      ///< made now; the others were in the ledger
  int judge_calls = 0;
  double elapsed_seconds = 0;
};

/** Measures states of the home. Every finished call is in the ledger before it counts, and one that
 * is there is never made again, whoever made it and when. Safe to call from many threads: two that
 * want the same run or judgement make one call. */
class Evaluator {
 public:
  explicit Evaluator(EvaluationParts parts) : parts_(std::move(parts)) {}

  /** Makes the runs that are missing, `concurrency` at a time, each from question to score on one
   * thread. The arms take turns task by task, so that all see the same load; first attempts come
   * before second ones. What fails is missing with its reason, never zero, and is tried again by
   * the next call. Errors: budget and cancelled end it at once, and so does a ledger that cannot be
   * read or written; what was finished stays in the ledger. */
  Result<Evaluation> evaluate(const std::vector<ArmRequest>& arms, const std::vector<Task>& tasks);
  /** One run of every task, the `attempt`-th, in one state. Errors as of evaluate. */
  Result<ArmScores> measure_once(const HomeView& home, const std::string& fingerprint, int attempt,
                                 const std::vector<Task>& tasks);

 private:
  friend class EvaluationRun;

  EvaluationParts parts_;
  Turns turns_;
};

/** What the gate's rules look at: the arms' runs side by side, in the order of `tasks`, each with
 * the first reason why a run of it is missing. */
std::vector<TaskRuns> side_by_side(const std::vector<Task>& tasks, const ArmRuns& baseline,
                                   const ArmRuns& candidate);

}  // namespace jarvis
