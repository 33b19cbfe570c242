#pragma once

#include <string>

#include "core/model/json.hpp"
#include "core/model/session.hpp"
#include "core/model/trace.hpp"
#include "core/ports/home_view.hpp"
#include "core/session/record/review_queue.hpp"
#include "core/session/rollback.hpp"

namespace jarvis {

// The JSON shapes that other programs build on. Fields may be added, never renamed.

/** The "session" of a document, as in a list of sessions. */
json::object session_summary(const Session& session);
/** The whole document of `learning run` and `learning show`. `diagnosis` is the text of
 * diagnosis.md. */
json::object session_document(const Session& session, const std::string& diagnosis);
/** The text of a session's diagnosis.md; empty when there is none. */
std::string diagnosis_of(const HomeView& home, const Session& session);
json::object edit_document(const EditOutcome& outcome);
json::object queue_row(const QueuedEdit& queued);
json::object rollback_document(const Rollback& rollback);
json::object trace_document(const Trace& trace, bool with_steps);

}  // namespace jarvis
