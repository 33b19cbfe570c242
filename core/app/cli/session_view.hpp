#pragma once

#include <string>
#include <vector>

#include "core/app/cli/evidence.hpp"
#include "core/app/cli/output.hpp"
#include "core/model/session.hpp"

namespace jarvis {

// How sessions look on a terminal. With --json nothing is printed.

void print_session(const Session& session, const VerdictEvidence& evidence, const Output& output);
void print_edit(const EditOutcome& outcome, const VerdictEvidence& evidence, const Output& output);
void print_history(const std::vector<Session>& sessions, double now, const Output& output);

/** What became of an edit, and why. */
void print_decision(const EditOutcome& outcome, const Output& output);

/** "edit-4f1c20ab-2  set_model_param  [auto]". */
std::string title_of(const Edit& edit);
/** "applied (+17.0 points, 3f2a91c)": an edit's status in a few words. */
std::string status_line(const EditOutcome& outcome);

}  // namespace jarvis
