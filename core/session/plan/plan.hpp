#pragma once

#include <string>

#include "core/model/past_trial.hpp"
#include "core/model/plan.hpp"
#include "core/model/result.hpp"
#include "core/ports/applier_catalogue.hpp"
#include "core/ports/clock.hpp"
#include "core/ports/differ.hpp"
#include "core/ports/home_view.hpp"
#include "core/ports/privacy.hpp"
#include "core/ports/session_files.hpp"
#include "core/ports/teacher.hpp"

namespace jarvis {

struct PlanPrompts {
  std::string system;  ///< {ops} is replaced by the catalogue of ops
  std::string again;   ///< asks for the JSON once more; {error} is replaced by the parser's words
};

struct PlanInputs {
  const std::string& session_id;
  const Diagnosis& diagnosis;
  const HomeView& home;
  const ApplierCatalogue& catalogue;
  const Differ& differ;
  Teacher& teacher;
  SessionFiles& files;
  const Clock& clock;
  const PlanPrompts& prompts;
  const json::object& config;          ///< the student's configuration, without secrets
  const std::vector<PastTrial>& past;  ///< edits of earlier sessions, newest first
  Privacy& privacy = no_privacy();     ///< that the teacher speaks through
};

struct PlanResult {
  Plan plan;
  std::string sha256;  ///< of plan.json
};

/** Phase 2: one teacher call without tools. Writes plan.json (frozen) and
 * teacher_traces/plan.jsonl. An edit that may not be tried stays in the plan with its refusal. */
Result<PlanResult> make_plan(const PlanInputs& inputs);

/** Reads a frozen plan back. refused when its bytes do not have the recorded digest. */
Result<Plan> read_plan(const std::string& text, const std::string& expected_sha256);

}  // namespace jarvis
