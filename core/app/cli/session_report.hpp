#pragma once

#include "core/app/application.hpp"
#include "core/app/cli/output.hpp"

namespace jarvis {

/** Prints a session that ran, and gives the exit status that belongs to it. */
int report_session(const Application& application, const Session& session, const Output& output);

}  // namespace jarvis
