#include "core/home/traces/trace_writer.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <Poco/Nullable.h>

#include "core/home/traces/row_insertion.hpp"
#include "core/home/traces/trace_connection.hpp"
#include "core/home/traces/trace_schema.hpp"
#include "core/home/traces/writable_traces.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::Session;

namespace {

constexpr auto kPatienceForIndexes = std::chrono::seconds(5);

Result<void> write(const fs::path& path, std::chrono::milliseconds patience,
                   const std::function<Result<void>(Session&)>& change) {
  auto store = WritableTraces::open(path, patience);
  if (!store) return store.error();
  return store->change(change);
}

bool is_score(double score) {
  return score >= 0 && score <= 1;
}

Error no_score() {
  return {ErrorKind::invalid, "a score is a number from 0 to 1", ""};
}

Error no_trace(const std::string& id) {
  return {ErrorKind::not_found, "there is no trace '" + id + "'",
          "'traces list' shows the newest ids"};
}

bool exists(Session& session, const std::string& id) {
  int number = 0;
  session << "SELECT count(*) FROM traces WHERE trace_id = ?", bind(id), into(number), now;
  return number > 0;
}

/** Looks without a write connection: mostly there is nothing to do. */
Result<bool> has_all_indexes(const fs::path& path) {
  auto opened = open_traces(path, TraceAccess::read_only);
  if (!opened) return opened.error();
  try {
    for (const TraceIndex& index : kTraceIndexes)
      if (!has_table_or_index(**opened, index.name)) return false;
    return true;
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

}  // namespace

Result<void> index_traces(const fs::path& path) {
  const auto has_all = has_all_indexes(path);
  if (!has_all && has_all.error().kind == ErrorKind::not_found) return {};
  if (!has_all) return has_all.error();
  if (*has_all) return {};
  return write(path, kPatienceForIndexes, [](Session& session) -> Result<void> {
    for (const TraceIndex& index : kTraceIndexes)
      session << std::string("CREATE INDEX IF NOT EXISTS ") + index.name + " ON " + index.on, now;
    return {};
  });
}

Result<void> insert_traces(const fs::path& path, const std::vector<Trace>& traces) {
  std::vector<TraceRow> rows;
  for (const Trace& trace : traces) rows.push_back(row_of(trace));
  auto store = WritableTraces::open_or_create(path, kPatience);
  if (!store) return store.error();
  return store->change([&](Session& session) -> Result<void> {
    std::set<std::string> taken = ids_there(session, rows);
    std::vector<const TraceRow*> added;
    for (const TraceRow& row : rows) {
      if (row.id.empty()) return Error{ErrorKind::invalid, "a trace has no id", ""};
      if (!taken.insert(row.id).second)
        return Error{ErrorKind::invalid, "trace '" + row.id + "' is there already",
                     "give it another id, or leave it out"};
      added.push_back(&row);
    }
    insert_rows(session, added, columns_of(session, "traces").contains("messages"));
    return {};
  });
}

Result<void> set_feedback(const fs::path& path, const std::string& id,
                          std::optional<double> score) {
  if (score && !is_score(*score)) return no_score();
  return write(path, kPatience, [&](Session& session) -> Result<void> {
    if (!exists(session, id)) return no_trace(id);
    Poco::Nullable<double> value;
    if (score) value = *score;
    // A person's word takes the place of the judge's, and its mark goes with it.
    session << "UPDATE traces SET feedback = ?, metadata = CASE WHEN json_valid(metadata) THEN "
               "json_remove(metadata, '$.feedback_source') ELSE metadata END WHERE trace_id = ?",
        bind(value), bind(id), now;
    return {};
  });
}

Result<bool> rate_as_judge(const fs::path& path, const std::string& id, double score) {
  if (!is_score(score)) return no_score();
  bool set = false;
  const auto written = write(path, kPatience, [&](Session& session) -> Result<void> {
    if (!exists(session, id)) return no_trace(id);
    int free = 0;
    session << "SELECT count(*) FROM traces WHERE trace_id = ? AND feedback IS NULL AND "
               "json_valid(metadata)",
        bind(id), into(free), now;
    if (free == 0) return {};
    session << "UPDATE traces SET feedback = ?, metadata = json_set(metadata, "
               "'$.feedback_source', 'judge') WHERE trace_id = ?",
        bind(score), bind(id), now;
    set = true;
    return {};
  });
  if (!written) return written.error();
  return set;
}

}  // namespace jarvis
