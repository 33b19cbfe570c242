#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/turns.hpp"
#include "core/model/task.hpp"
#include "core/ports/evaluation_ledger.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/judge.hpp"
#include "core/ports/student.hpp"

namespace jarvis {

/** Who is called, and where it is put down. All are borrowed; `cancelled` may be empty. */
struct CallParts {
  Student& student;
  Judge& judge;
  EvaluationLedger& ledger;
  std::function<bool()> cancelled = {};
  std::string session_id = {};  ///< who is said to have made the calls
  /** Who answers: the runner and the model as its server names it. Another one is asked anew. */
  std::string student_identity = {};
  /** Who judges: the model and the hash of its prompt; empty: the judge's model alone. */
  std::string judge_identity = {};
  /** The tools with side effects that the student may run. Who may run others is asked anew. */
  std::vector<std::string> allowed_tools = {};
};

/** The state that the student is run in, and the how-manieth run of it is wanted. */
struct RunRequest {
  /** Borrowed. Null: the state's files are gone, and only what the ledger holds is given. */
  const HomeView* home;
  std::string fingerprint;  ///< see fingerprint_of
  int attempt = 0;
};

/** Why a run is missing. What was refused may be allowed by the user: the hint says how. */
std::string missing_run_reason(const Error& error);

/** Student and judge behind the ledger: every finished call is there before it counts, and one that
 * is there is never made again, whoever made it and when. Safe to call from many threads: those who
 * share `turns` (borrowed) and want the same make one call. */
class RecordedCalls {
 public:
  RecordedCalls(CallParts parts, Turns& turns);

  /** The student's answer to the task. not_found "not measured": without a home, where the ledger
   * has none. */
  Result<KeptAnswer> answer(const RunRequest& run, const Task& task);
  /** The judge's score of what the student said. A reply without a score in 0..1 is an error.
   * `repetition`: see JudgeKey. */
  Result<double> score(const std::string& query, const std::string& gold, const std::string& output,
                       int repetition = 0);

  /** Why the ledger can be trusted no longer: no call is made from then on. */
  std::optional<Error> ledger_error() const;
  /** The calls that were made, the failed ones included. */
  int student_calls() const { return student_calls_; }
  int judge_calls() const { return judge_calls_; }

 private:
  RunKey key_of(const RunRequest& run, const Task& task) const;
  Result<KeptAnswer> ask_student(const RunRequest& run, const Task& task);
  Result<double> ask_judge(const JudgeKey& key);
  /** Whether a call may be made now. */
  Result<void> may_call() const;
  Error lost(const Error& error);

  const CallParts parts_;
  Turns& turns_;
  std::atomic<int> student_calls_{0};
  std::atomic<int> judge_calls_{0};
  mutable std::mutex mutex_;
  std::optional<Error> ledger_error_;
};

}  // namespace jarvis
