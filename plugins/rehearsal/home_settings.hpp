#pragma once

#include <jarvis/sdk/payload/student.hpp>
#include <string>

#include "plugins/shared/rehearsal_student.hpp"

namespace jarvis::rehearsal {

/** What one home says about how one query is answered. */
struct HomeSettings {
  std::string model;
  std::string prompt;
  Skill skill;
};

/** Reads the home's files anew. Throws Failure: JARVIS_INVALID for a file that cannot be read as
 * what it is, JARVIS_UNAVAILABLE for a model that the rehearsal does not have. */
HomeSettings read_settings(const sdk::StudentRequest& request);

}  // namespace jarvis::rehearsal
