#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/model/cluster.hpp"
#include "core/model/json.hpp"
#include "core/model/result.hpp"
#include "core/model/session.hpp"
#include "core/model/task.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/privacy.hpp"
#include "core/ports/progress.hpp"
#include "core/ports/purse.hpp"
#include "core/ports/recorded_calls.hpp"
#include "core/ports/session_files.hpp"
#include "core/ports/teacher.hpp"
#include "core/ports/toolbox.hpp"
#include "core/ports/trace_reader.hpp"

namespace jarvis {

struct DiagnosePrompts {
  std::string system;
  std::string conclude;        ///< said when the calls or the money for them are used up
  std::string clusters_again;  ///< asks for the ```json fence alone
  std::string run_self;        ///< system text of the teacher's own runs
};

struct DiagnoseInputs {
  const HomeView& home;  ///< a copy of the live one: the student may write into it
  const TraceReader& traces;
  const Benchmark* benchmark;  ///< nullptr: there is none yet, and traces are the tasks
  Teacher& teacher;
  RecordedCalls& calls;  ///< of student and judge
  Toolbox& toolbox;
  Purse& purse;
  SessionFiles& files;
  Progress& progress;
  const Clock& clock;
  const DiagnosePrompts& prompts;
  const json::object& config;  ///< the student's configuration, without secrets
  std::vector<sdk::ToolDefinition> student_tools;
  const Trigger& trigger;
  int max_tool_calls;
  int concurrency;
  double liked_from;  ///< feedback from which an answer counts as liked
  std::function<bool()> cancelled;
  Privacy& privacy = no_privacy();  ///< of what the tools bring, before it is logged or sent
};

/** Phase 1: the teacher examines the student with read-only tools; the host measures. Writes
 * diagnosis.md and teacher_traces/diagnose.jsonl. Clusters without evidence come back as dropped;
 * when none is left the error is "All clusters dropped: insufficient evidence" and `dropped` still
 * holds them. */
Result<Diagnosis> diagnose(const DiagnoseInputs& inputs, std::vector<Cluster>& dropped);

/** The first request of a diagnosis, exactly as it is sent. `benchmark` may be null: there is none
 * yet. */
sdk::GenerateRequest first_request(const DiagnosePrompts& prompts, const Toolbox& toolbox,
                                   const Benchmark* benchmark, const Trigger& trigger,
                                   int max_tool_calls);

}  // namespace jarvis
