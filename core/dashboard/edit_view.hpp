#pragma once

#include "core/dashboard/html.hpp"
#include "core/insight/verdict_evidence.hpp"
#include "core/model/session.hpp"

namespace jarvis::dashboard {

/** A unified diff with its lines coloured. */
Html diff_view(const std::string& diff);

/** What was measured of an edit, the tasks won and lost with both answers side by side, and its
 * diff.
 */
Html edit_evidence(const EditOutcome& outcome, const TaskEvidence& evidence);

/** An edit's name, what became of it and why. */
Html edit_heading(const EditOutcome& outcome);

/** All of an edit, as a card of its session's page. */
Html edit_card(const EditOutcome& outcome, const TaskEvidence& evidence);

}  // namespace jarvis::dashboard
