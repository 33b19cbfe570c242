#pragma once

#include <string>

#include "core/app/cli/output.hpp"
#include "core/insight/verdict_evidence.hpp"
#include "core/model/session.hpp"

namespace jarvis {

/** The measured part of an edit: delta with its interval and noise, clusters, calls and money, then
 * the tasks won and lost with both answers. */
void print_evidence(const EditOutcome& outcome, const VerdictEvidence& evidence,
                    const Output& output);

/** session_document, with the changed tasks of each edit. */
json::object document_with_evidence(const Session& session, const std::string& diagnosis,
                                    const VerdictEvidence& evidence);

json::array changed_tasks_document(const EditOutcome& outcome, const VerdictEvidence& evidence);

}  // namespace jarvis
