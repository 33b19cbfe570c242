#pragma once

#include "core/app/cli/command.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** Whether `learning show` was asked for files. */
bool wants_session_files(const Arguments& arguments);

/** Writes those that were asked for. */
Result<int> write_session_files(Application& application, const Session& session,
                                const Arguments& arguments, const Output& output);

}  // namespace jarvis
