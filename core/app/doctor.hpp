#pragma once

#include <string>
#include <vector>

#include "core/app/application.hpp"

namespace jarvis {

/** What one look at the home and its surroundings found. */
struct Checkup {
  enum class State { good, warning, bad };

  std::string subject;  ///< "teacher", "traces"
  State state = State::good;
  std::string message;
  std::string hint = {};  ///< what to do; empty when all is well
};

/** Looks at everything that a session needs, and changes nothing. Asks the student's server which
 * models it has; asks nobody who charges for it. */
std::vector<Checkup> examine(Application& application);

}  // namespace jarvis
