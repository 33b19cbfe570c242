#include "core/home/traces/whole_store.hpp"

#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include "core/home/traces/row_cursor.hpp"
#include "core/home/traces/trace_connection.hpp"

namespace jarvis {

namespace fs = std::filesystem;
using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using Poco::Data::Statement;

namespace {

/** Steps in the order of their traces: read beside those, each row once. CROSS keeps that order; on
 * steps without an index SQLite makes one for the time being, on the disk. */
std::string select_steps(const std::string& conditions) {
  return std::string("SELECT traces.id, ") + kStepColumnList +
         " FROM traces CROSS JOIN trace_steps ON trace_steps.trace_id = traces.trace_id " +
         conditions + " ORDER BY traces.id, step_index, trace_steps.id";
}

Result<void> read_all(Session& session, const TraceFilter& filter,
                      const std::function<Result<bool>(std::int64_t, TraceRow)>& visit) {
  const bool has_messages = columns_of(session, "traces").contains("messages");
  Statement traces(session), steps(session);
  traces << "SELECT " + trace_columns(has_messages) + " FROM traces " +
                add_conditions(traces, filter) + " ORDER BY traces.id";
  steps << select_steps(add_conditions(steps, filter));
  TraceCursor trace_cursor(traces);
  StepCursor step_cursor(steps);
  StepRow step;
  bool has_step = step_cursor.next(step);
  for (TraceRow row; trace_cursor.next(row);) {
    for (; has_step && step_cursor.number() <= trace_cursor.number();
         has_step = step_cursor.next(step))
      row.steps.push_back(std::move(step));
    const auto more = visit(trace_cursor.number(), std::move(row));
    if (!more) return more.error();
    if (!*more) break;
  }
  return {};
}

}  // namespace

Result<void> read_whole_store(
    const fs::path& path, const TraceFilter& filter,
    const std::function<Result<bool>(std::int64_t number, TraceRow row)>& visit) {
  auto opened = open_traces(path, TraceAccess::read_only);
  if (!opened) return opened.error();
  try {
    if (auto checked = check_trace_tables(**opened, path); !checked) return checked;
    **opened << "BEGIN", now;
    return read_all(**opened, filter, visit);
  } catch (const Poco::Exception& exception) {
    return database_error(exception, path);
  }
}

}  // namespace jarvis
