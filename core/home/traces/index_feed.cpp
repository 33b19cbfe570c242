#include "core/home/traces/index_feed.hpp"

#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Exception.h>
#include <sqlite3.h>

namespace jarvis {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;

void stop_triggers(Session& session) {
  sqlite3* database = Poco::Data::SQLite::Utility::dbHandle(session);
  int runs = 1;
  if (sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, &runs) != SQLITE_OK ||
      runs != 0)
    throw Poco::IllegalStateException("SQLite does not stop the triggers");
}

std::int64_t newest_row(Session& session) {
  Poco::Int64 newest = 0;
  session << "SELECT coalesce(max(rowid), 0) FROM traces", into(newest), now;
  return newest;
}

std::int64_t index_rows_after(Session& session, std::int64_t row) {
  Poco::Data::Statement insert(session);
  insert << "INSERT INTO traces_fts(rowid, trace_id, query, result, agent)"
            " SELECT rowid, trace_id, query, result, agent FROM traces WHERE rowid > ?",
      bind(static_cast<Poco::Int64>(row));
  return static_cast<std::int64_t>(insert.execute());
}

}  // namespace jarvis
