#pragma once

#include <jarvis/sdk/payload/student.hpp>
#include <string>
#include <vector>

#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis::rehearsal {

/** What one home says about how one query is answered. */
struct HomeSettings {
  std::string agent;
  std::string model;
  std::string prompt;
  long max_turns = 10;
  bool offers_calculator = false;  ///< the agent has it and its description says what it is for
  Skill skill;
};

/** Reads the home's files anew. Throws Failure: JARVIS_INVALID for a file that cannot be read as
 * what it is, JARVIS_UNAVAILABLE for a model that the rehearsal does not have. */
HomeSettings read_settings(const sdk::StudentRequest& request);

}  // namespace jarvis::rehearsal
