#pragma once

#include <cstdint>

namespace Poco::Data {
class Session;
}

namespace jarvis {

/** Stops the triggers on this connection; those of other programs, and the schema, stay as they
 * are. Whoever inserts rows must then call index_rows_after. Throws Poco::Exception. */
void stop_triggers(Poco::Data::Session& session);

/** The number of the newest row, 0 when there is none. Throws Poco::Exception. */
std::int64_t newest_row(Poco::Data::Session& session);

/** Adds what the trigger would have added to the search index, for all rows after `row`, in the
 * caller's transaction; gives how many. Many at once cost a fraction of what the trigger costs:
 * that makes SQLite write a piece of the index for each row, and merge the pieces. Throws
 * Poco::Exception. */
std::int64_t index_rows_after(Poco::Data::Session& session, std::int64_t row);

}  // namespace jarvis
