#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/model/past_trial.hpp"
#include "core/session/diagnose/diagnose.hpp"
#include "core/session/execute/execute.hpp"
#include "core/session/execute/gate/sample.hpp"
#include "core/session/plan/plan.hpp"
#include "core/session/record/recorder.hpp"

namespace jarvis {

/** The real parts that a session works with. All are borrowed. */
struct SessionParts {
  const HomeView& live;
  const TraceReader& traces;
  const Benchmark* benchmark;  ///< nullptr: there is none yet
  EvaluationLedger& ledger;    ///< every finished run of student and judge
  Teacher& teacher;
  Student& student;
  Judge& judge;
  Toolbox& toolbox;
  Purse& purse;
  Stager& stager;
  Checkpoint& checkpoint;
  ApplierCatalogue& catalogue;
  const Differ& differ;
  const Recorder& recorder;
  Progress& progress;
  const Clock& clock;
  DiagnosePrompts diagnose_prompts;
  PlanPrompts plan_prompts;
  json::object config;  ///< the student's configuration, without secrets
  std::vector<sdk::ToolDefinition> student_tools;
  GateRule rule;
  SampleRule sample;
  int concurrency = 8;
  int max_tool_calls = 30;
  double liked_from = 0.7;
  std::function<bool()> cancelled;
  std::vector<std::string> known_models =
      {};                            ///< what the student's server offers; empty: it cannot say
  std::vector<PastTrial> past = {};  ///< edits of earlier sessions, newest first
  std::string judge_identity = {};   ///< model and prompt
  std::string student_identity = {};
  Privacy& privacy = no_privacy();              ///< the one that teacher and judge speak through
  std::vector<std::string> allowed_tools = {};  ///< see CallParts
  std::vector<std::string> notices = {};        ///< that belong into the session's record
};

/** One diagnose → plan → execute → record pass. Always gives the session as it was recorded; a
 * failed one holds its error and what it cost. An error of run_session itself means that even
 * recording failed. `id` is a new one (new_session_id). */
Result<Session> run_session(const SessionParts& parts, const std::string& id, Autonomy autonomy,
                            const Trigger& trigger);

/** Whether resume_session would go on with it: it has a plan and did not come to its end. */
bool is_interrupted(const Session& session);

/** Goes on with the execute step of a session that was interrupted: edits that were decided stay
 * so, finished runs are not paid again. refused when it has no plan, or nothing is left to do. */
Result<Session> resume_session(const SessionParts& parts, const Session& interrupted);

/** Tries a queued edit through the gate, whatever its tier, and records what became of it in the
 * session that proposed it. Undecided leaves it in the queue, with the evidence. */
Result<EditOutcome> approve_edit(const SessionParts& parts, const QueuedEdit& queued);

}  // namespace jarvis
