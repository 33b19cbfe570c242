#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/home/traces/trace_row.hpp"

namespace Poco::Data {
class Session;
}

namespace jarvis {

/** Those of the ids that the store has. Throws Poco::Exception. */
std::set<std::string> ids_there(Poco::Data::Session& session, const std::vector<TraceRow>& rows);

/** Adds rows whose ids are not there yet, with their steps, in the caller's transaction. Throws
 * Poco::Exception. */
void insert_rows(Poco::Data::Session& session, const std::vector<const TraceRow*>& rows,
                 bool has_messages);

}  // namespace jarvis
