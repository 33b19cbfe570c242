#pragma once

#include "core/app/application.hpp"
#include "core/app/cli/command.hpp"

namespace jarvis {

/** What stands behind --autonomy, else in the configuration. */
Result<Autonomy> autonomy_of(Application& application, const Arguments& arguments);

}  // namespace jarvis
