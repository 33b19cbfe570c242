#pragma once

#include "core/app/application.hpp"
#include "core/daemon/daemon.hpp"

namespace jarvis {

/** The rules that config.toml gives a daemon at this moment. */
Result<TriggerRules> read_trigger_rules(const Application& application);

/** What the home says at this moment; opens and closes its stores. */
Result<Facts> look_at_home(const Application& application, const TriggerRules& rules,
                           const std::set<std::string>& fired);

/** Carries a firing out as `learning run` and `learning resume` do. `application` must be one that
 * nothing was asked of yet, so that it reads the home as it is now. */
FiringOutcome carry_out(Application& application, const Firing& firing);

}  // namespace jarvis
